// The card as boxes with styles, which takumi and satori both lay out; each brings its own
// `box(style, children)`, `text(style, text)` and `image(src, style)`.

export function words(make, look, said, size) {
  return make.text({ ...type(look.words), fontSize: size, width: look.measure }, said.words);
}

// Who says it, in which capacity, and where.
export function speaker(make, look, said) {
  const [width, height, colour] = look.rule;
  const parts = ["speaker", "role", "source"].map((slot, number) =>
    make.text({ ...type(look[slot]), marginTop: look.gaps[number], width: look.measure }, said[slot]),
  );
  const rule = make.box({ width, height, backgroundColor: colour }, []);
  return make.box({ ...column, width: look.measure }, [rule, ...parts]);
}

// What the words may fill, when who says them takes so much.
export function room(look, taken) {
  return look.floor - look.top - kickerHeight(look) - 2 * look.white - taken;
}

export function card(make, look, said, logo, size) {
  const [top, bottom] = look.gradient;
  return make.box(
    {
      ...column,
      width: look.width,
      height: look.height,
      position: "relative",
      backgroundImage: `linear-gradient(to bottom, ${top}, ${bottom})`,
    },
    [...row(make, look, said.day), ...foot(make, look, logo), body(make, look, said, size)],
  );
}

const column = { display: "flex", flexDirection: "column", alignItems: "flex-start" };

export function type({ face, size, colour, leading }) {
  return { fontFamily: face, fontSize: size, color: colour, lineHeight: leading };
}

function kickerHeight(look) {
  return look.kicker.size * look.kicker.leading;
}

function body(make, look, said, size) {
  const style = {
    ...column,
    ...at(look.margin, look.top, look.measure, look.floor - look.top),
    justifyContent: "space-between",
  };
  return make.box(style, [
    make.text({ ...type(look.kicker), width: look.measure }, said.kicker),
    words(make, look, said, size),
    speaker(make, look, said),
  ]);
}

function row(make, look, day) {
  const [first, step, width, top, low, high] = look.row;
  const [gone, today, ahead] = look.row_colours;
  return Array.from({ length: 16 }, (_, number) => {
    const now = number + 1 === day;
    const backgroundColor = now ? today : number + 1 < day ? gone : ahead;
    const left = Math.round(first + number * step);
    return make.box({ ...at(left, top, width, now ? high : low), backgroundColor }, []);
  });
}

function foot(make, look, logo) {
  const [line, thick, colour] = look.line;
  const [x, y, side, corner] = look.plate;
  const [left, top, across] = look.logo;
  const [upper, lower] = look.foot_tops;
  const right = look.width - look.margin - look.measure;
  return [
    make.box({ ...at(look.margin, line, look.measure, thick), backgroundColor: colour }, []),
    make.box({ ...at(x, y, side, side), backgroundColor: look.paper, borderRadius: corner }, []),
    make.image(logo, { ...at(left, top, across, across) }),
    make.text({ ...type(look.hashtag), ...from(look.foot_left, upper) }, look.hashtag_says),
    make.text({ ...type(look.help), position: "absolute", right, top: upper }, look.help_says),
    make.text({ ...type(look.name), ...from(look.foot_left, lower) }, look.name_says),
  ];
}

function from(left, top) {
  return { position: "absolute", left, top };
}

function at(left, top, width, height) {
  return { ...from(left, top), width, height };
}
