// Counts texts with X's own library: a JSON array of strings comes in, an array of numbers goes out.
//     node count_like_x.js FOLDER   (in which twitter-text was installed)
const path = require("path");
const { parseTweet } = require(path.join(process.argv[2], "node_modules", "twitter-text"));

let said = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (piece) => (said += piece));
process.stdin.on("end", () => {
  const counts = JSON.parse(said).map((text) => parseTweet(text).weightedLength);
  process.stdout.write(JSON.stringify(counts));
});
