BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE approvals (
	id INTEGER NOT NULL, 
	"key" VARCHAR(400) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	who TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	revoked_at BIGINT, 
	revoked_because TEXT, 
	PRIMARY KEY (id)
);
CREATE TABLE attempts (
	"key" VARCHAR(255) NOT NULL, 
	fence INTEGER NOT NULL, 
	worker VARCHAR(128) NOT NULL, 
	claimed_at BIGINT NOT NULL, 
	armed_at BIGINT, 
	ended_at BIGINT, 
	identity TEXT, 
	draft TEXT, 
	digest VARCHAR(64), 
	request TEXT, 
	ending TEXT, account VARCHAR(160), cost INTEGER DEFAULT '0' NOT NULL, uses TEXT, 
	PRIMARY KEY ("key", fence), 
	FOREIGN KEY("key") REFERENCES deliveries ("key")
);
INSERT INTO "attempts" VALUES('small-2026/launch/archive/1',1,'host/1/abc',1795593600000000,1795593600000000,1795593600000000,'@a (1) at https://a.example','{"comments": "limited", "language": "en", "note": "", "pictures": [], "text": "Today we begin."}','301c778b67d255f8b693fc1f52226b2543fab07443aeedec9add9dcee4d1b736','{"status": "Today we begin."}','published','archive',0,NULL);
INSERT INTO "attempts" VALUES('small-2026/lost/network/1',1,'host/1/abc',1795593600000000,1795593600000000,1795593600000000,'@a (1) at https://a.example','{"comments": "limited", "language": "en", "note": "", "pictures": [], "text": "Today we begin."}','301c778b67d255f8b693fc1f52226b2543fab07443aeedec9add9dcee4d1b736','{"status": "Today we begin."}','unconfirmed: the answer was lost','network',0,NULL);
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	who TEXT NOT NULL, 
	campaign VARCHAR(64) NOT NULL, 
	act VARCHAR(16) NOT NULL, 
	subject TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE bindings (
	id INTEGER NOT NULL, 
	campaign VARCHAR(64) NOT NULL, 
	account VARCHAR(160) NOT NULL, 
	identity TEXT NOT NULL, 
	home TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	who TEXT NOT NULL, 
	ended_at BIGINT, 
	ended_because TEXT, 
	PRIMARY KEY (id)
);
CREATE TABLE campaigns (
	id VARCHAR(64) NOT NULL, 
	first_day VARCHAR(10) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "campaigns" VALUES('small-2026','2026-11-25');
CREATE TABLE deliveries (
	"key" VARCHAR(255) NOT NULL, 
	campaign VARCHAR(64) NOT NULL, 
	post VARCHAR(64) NOT NULL, 
	account VARCHAR(64) NOT NULL, 
	platform VARCHAR(32) NOT NULL, 
	part INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	due BIGINT NOT NULL, 
	latest BIGINT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	fence INTEGER NOT NULL, 
	tries INTEGER NOT NULL, 
	look_at BIGINT, 
	reason TEXT NOT NULL, 
	receipt_id TEXT, 
	receipt_url TEXT, 
	published_at BIGINT, 
	PRIMARY KEY ("key")
);
INSERT INTO "deliveries" VALUES('small-2026/launch/archive/1','small-2026','launch','archive','mastodon',1,1,1795593600000000,1795604400000000,'published',1,0,NULL,'','17','https://a.example/17',1795593600000000);
INSERT INTO "deliveries" VALUES('small-2026/launch/italy.page/1','small-2026','launch','italy.page','mastodon',1,1,1795593600000000,1795604400000000,'planned',0,0,1795593600000000,'',NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES('small-2026/listen/archive/1','small-2026','listen','archive','mastodon',1,2,1795680000000000,1795690800000000,'planned',0,0,1795680000000000,'',NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES('small-2026/gone/archive/1','small-2026','gone','archive','mastodon',1,3,1795766400000000,1795777200000000,'cancelled',0,0,NULL,'taken out of the calendar',NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES('small-2026/lost/network/1','small-2026','lost','network','mastodon',1,1,1795593600000000,1795604400000000,'unconfirmed',1,0,1795593660000000,'the answer was lost',NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES('small-2026/lost/network/2','small-2026','lost','network','mastodon',2,1,1795593600000000,1795604400000000,'planned',0,0,1795593600000000,'',NULL,NULL,NULL);
CREATE TABLE holds (
	id INTEGER NOT NULL, 
	campaign VARCHAR(64) NOT NULL, 
	value VARCHAR(64) NOT NULL, 
	reason TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	who VARCHAR(128) NOT NULL, 
	released_at BIGINT, scope VARCHAR(16) DEFAULT 'account' NOT NULL, origin VARCHAR(16) DEFAULT 'program' NOT NULL, released_by TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "holds" VALUES(1,'small-2026','italy.page','the token was revoked',1795593600000000,'host/1/abc',NULL,'account','program',NULL);
CREATE TABLE journal (
	id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	who VARCHAR(128) NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	from_state VARCHAR(16) NOT NULL, 
	to_state VARCHAR(16) NOT NULL, 
	fence INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "journal" VALUES(1,1795593600000000,'host/1/abc','small-2026/launch/archive/1','planned','claimed',1,'');
INSERT INTO "journal" VALUES(2,1795593600000000,'host/1/abc','small-2026/launch/archive/1','claimed','staged',1,'');
INSERT INTO "journal" VALUES(3,1795593600000000,'host/1/abc','small-2026/launch/archive/1','staged','armed',1,'');
INSERT INTO "journal" VALUES(4,1795593600000000,'host/1/abc','small-2026/launch/archive/1','armed','published',1,'');
INSERT INTO "journal" VALUES(5,1795593600000000,'host/1/abc','small-2026/lost/network/1','planned','claimed',1,'');
INSERT INTO "journal" VALUES(6,1795593600000000,'host/1/abc','small-2026/lost/network/1','claimed','staged',1,'');
INSERT INTO "journal" VALUES(7,1795593600000000,'host/1/abc','small-2026/lost/network/1','staged','armed',1,'');
INSERT INTO "journal" VALUES(8,1795593600000000,'host/1/abc','small-2026/lost/network/1','armed','unconfirmed',1,'the answer was lost');
INSERT INTO "journal" VALUES(9,1795593600000000,'old','small-2026/gone/archive/1','planned','cancelled',0,'taken out of the calendar');
CREATE TABLE waits (
	campaign VARCHAR(64) NOT NULL, 
	account VARCHAR(160) NOT NULL, 
	until BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (campaign, account)
);
CREATE INDEX ix_deliveries_campaign_state ON deliveries (campaign, state);
CREATE UNIQUE INDEX ix_deliveries_open_account ON deliveries (campaign, account) WHERE state IN ('claimed', 'staged', 'armed');
CREATE INDEX ix_attempts_digest ON attempts (digest);
CREATE INDEX ix_journal_key ON journal ("key");
CREATE INDEX ix_deliveries_due ON deliveries (campaign, look_at, post, part);
CREATE INDEX ix_deliveries_post ON deliveries (campaign, post, part);
CREATE INDEX ix_attempts_account_armed_at ON attempts (account, armed_at);
CREATE INDEX ix_approvals_key ON approvals ("key");
CREATE UNIQUE INDEX ix_bindings_account ON bindings (campaign, account) WHERE ended_at IS NULL;
CREATE TRIGGER journal_stays_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER journal_stays_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER audit_stays_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_stays_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
COMMIT;
