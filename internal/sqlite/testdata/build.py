"""Builds the database that the second argument names in the directory of the
first, and says in <name>.json what SQLite itself reads from it. Every value
comes from a seed."""
import base64, json, os, random, shutil, sqlite3, struct, sys

OUT, WANTED = sys.argv[1:]
noise = random.Random(20260917)


def case(*arguments):
    """Calls the function that it decorates if the case of that name is wanted."""
    def run(build):
        if arguments[0] == WANTED:
            build(*arguments)
        return build
    return run


def missing(name, what):
    with open(os.path.join(OUT, name + ".json"), "w") as f:
        json.dump({"Missing": what}, f)


def word(n):
    return "".join(noise.choice("abcdefghijklmnopqrstuvwxyz0123456789 ") for _ in range(n))


def letters(n):
    return "".join(noise.choice("aZé€𝄞😀\u0000\n") for _ in range(n))


def create(name, *pragmas):
    db = sqlite3.connect(os.path.join(OUT, name + ".tmp"), isolation_level=None)
    for pragma in ("synchronous = OFF", "secure_delete = OFF") + pragmas:
        db.execute("PRAGMA " + pragma).fetchall()
    return db


def columns(db, table, without_rowid):
    """The stored columns, in the order of the file."""
    if table == "sqlite_schema":
        return ["type", "name", "tbl_name", "rootpage", "sql"]
    info = [c for c in db.execute(f"PRAGMA table_xinfo({quoted(table)})") if c[6] != 2]
    key = sorted((c for c in info if c[5]), key=lambda c: c[5]) if without_rowid else []
    return [c[1] for c in key + [c for c in info if c not in key]]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def rows(db, table, names, without_rowid):
    parts = ["0" if without_rowid else "rowid"]
    for name in names:
        parts += [f"typeof({quoted(name)})", quoted(name)]
    db.text_factory = bytes
    for row in db.execute(f"SELECT {', '.join(parts)} FROM {quoted(table)}"):
        values = []
        for column, (kind, value) in enumerate(zip(row[1::2], row[2::2])):
            if kind in (b"text", b"blob"):
                values.append([column, kind == b"text", base64.b64encode(value).decode()])
        yield {"RowID": row[0], "Values": values}
    db.text_factory = str


def finish(name, db=None, **known):
    """Takes the files as they are, and asks SQLite what a copy of them says."""
    path = os.path.join(OUT, name)
    for end in ("", "-wal"):
        if os.path.exists(path + ".tmp" + end):
            shutil.copy(path + ".tmp" + end, path + ".db" + end)
            shutil.copy(path + ".tmp" + end, path + ".truth" + end)
    if db is not None:
        db.close()
    db = sqlite3.connect(path + ".truth", isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    one = lambda sql: db.execute(sql).fetchone()[0]
    assert one("PRAGMA integrity_check") == "ok", name
    truth = dict(known, PageSize=one("PRAGMA page_size"), Encoding=one("PRAGMA encoding"),
                 FreePages=one("PRAGMA freelist_count"), Tables=[])
    without = {r[1] for r in db.execute("PRAGMA table_list") if r[4]}
    tables = [r[0] for r in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY rowid")]
    for table in ["sqlite_schema"] + tables:
        names = columns(db, table, table in without)
        truth["Tables"].append({"Name": table, "Columns": names, "WithoutRowID": table in without,
                                "Rows": list(rows(db, table, names, table in without))})
    db.close()
    with open(path + ".json", "w") as f:
        json.dump(truth, f)


def fill(db, count=300):
    db.execute("CREATE TABLE kinds(a, b TEXT, c BLOB, d REAL, e INTEGER)")
    db.execute("CREATE INDEX by_b ON kinds(b, c)")
    edges = [None, 0, 1, -1, 127, -128, 2**15, -2**23, 2**31, 2**47, -2**63, 1.5, "", b"", "x", b"\x00"]
    db.execute("BEGIN")
    for i in range(count):
        text = letters(noise.randrange(60)) if i % 7 else word(noise.randrange(3000))
        db.execute("INSERT INTO kinds VALUES(?,?,?,?,?)",
                   (edges[i % len(edges)], text, noise.randbytes(noise.randrange(200)), i / 3, i * i))
    db.execute("INSERT INTO kinds(rowid, b) VALUES(-5, 'negative'), (9223372036854775807, 'last')")
    db.execute("COMMIT")


def page(name, size):
    db = create(name, f"page_size = {size}")
    fill(db)
    db.execute("INSERT INTO kinds(b) VALUES(?)", (word(1_000_000),))
    # Around the sizes where a payload starts to overflow.
    for n in range(size - 60, size, 3):
        db.execute("INSERT INTO kinds(b) VALUES(?)", (word(n),))
    finish(name, db)


for size in (512, 1024, 4096, 32768, 65536):
    case(f"page{size}", size)(page)


@case("utf16le", "UTF-16le")
@case("utf16be", "UTF-16be")
def utf16(name, encoding):
    db = create(name, f"encoding = '{encoding}'")
    fill(db)
    db.execute("INSERT INTO kinds(b) VALUES(?)", (letters(100_000),))
    finish(name, db)


@case("without512", 512)
@case("without4096", 4096)
def without_rowid(name, size):
    db = create(name, f"page_size = {size}")
    db.execute("CREATE TABLE w(a TEXT, b INT, C TEXT, d BLOB, PRIMARY KEY(c, A)) WITHOUT ROWID")
    db.execute("CREATE TABLE s(v TEXT, k TEXT PRIMARY KEY) WITHOUT ROWID")
    for i in range(400):
        db.execute("INSERT INTO w VALUES(?,?,?,?)", (word(20), i, word(noise.randrange(2000)), noise.randbytes(50)))
        db.execute("INSERT INTO s VALUES(?,?)", (word(9), word(9)))
    finish(name, db)


@case("vacuumfull", "FULL")
@case("vacuumincremental", "INCREMENTAL")
def auto_vacuum(name, mode):
    db = create(name, "page_size = 512", f"auto_vacuum = {mode}")
    fill(db)
    db.execute("DELETE FROM kinds WHERE rowid % 3 = 0")
    finish(name, db)


@case("reserved")
def reserved(name):
    """Reserved bytes at the end of each page: SQLite keeps to what an empty file says."""
    create(name, "page_size = 1024", "user_version = 1").close()
    with open(os.path.join(OUT, name + ".tmp"), "r+b") as f:
        f.seek(20), f.write(b"\x20")
        f.seek(105), f.write(struct.pack(">H", 1024 - 32))
    db = create(name)
    fill(db)
    finish(name, db)


DECLARATIONS = (
    """CREATE TABLE "odd ""name"" x"(-- a comment, (
        [first col] TEXT DEFAULT 'a,b)', /* another, */ `se``cond` VARCHAR(10, 2) CHECK(`se``cond` <> ','),
        "third" AS (upper("first col")) VIRTUAL, fourth GENERATED ALWAYS AS (lower("first col") || ',') STORED,
        fünf, 'primary' TEXT, "check", CONSTRAINT c UNIQUE ("first col", fünf), FOREIGN KEY(fünf) REFERENCES q(a))""",
    "CREATE TABLE pk(id INTEGER PRIMARY KEY AUTOINCREMENT, v)",
    "CREATE TABLE strict_one(a TEXT NOT NULL, b ANY) STRICT",
    "CREATE TABLE twice(a, b, c, PRIMARY KEY(b DESC, a COLLATE NOCASE, b)) WITHOUT ROWID",
    "CREATE TABLE named(a, b TEXT CONSTRAINT k PRIMARY KEY, c AS (a)) WITHOUT ROWID",
    "CREATE TABLE later(a)",
    "CREATE VIEW v AS SELECT * FROM pk",
    "CREATE TRIGGER t AFTER INSERT ON pk BEGIN SELECT 'text in a trigger'; END",
)


@case("declared")
def declared(name):
    db = create(name)
    for sql in DECLARATIONS:
        db.execute(sql)
    db.execute("""INSERT INTO "odd ""name"" x" VALUES('First', 'Second', 'Five', 'p', 'c')""")
    db.execute("INSERT INTO pk(v) VALUES('one'), ('two')")
    db.execute("INSERT INTO strict_one VALUES('a', x'00ff')")
    db.execute("INSERT INTO twice VALUES('a', 'b', 'c')")
    db.execute("INSERT INTO named VALUES('a', 'b')")
    db.execute("INSERT INTO later VALUES('before')")
    db.execute("ALTER TABLE later ADD COLUMN b TEXT")
    db.execute("INSERT INTO later VALUES('after', 'added')")
    db.execute("CREATE TABLE copied AS SELECT v AS [a (b], id FROM pk")
    finish(name, db)


@case("fts5")
def fts5(name):
    db = create(name)
    try:
        db.execute("CREATE VIRTUAL TABLE f USING fts5(body, title)")
    except sqlite3.OperationalError:
        return missing(name, "a SQLite with FTS5")
    for i in range(200):
        db.execute("INSERT INTO f VALUES(?,?)", (word(200), word(10)))
    finish(name, db)


@case("deleted", "OFF")
@case("deletedsecure", "ON")
def deleted(name, secure):
    db = create(name, "page_size = 1024", f"secure_delete = {secure}")
    db.execute("CREATE TABLE d(a TEXT)")
    db.execute("CREATE TABLE gone(a TEXT)")
    texts = []
    for i in range(300):
        text = f"deleted-{i:04}-" + word(30)
        db.execute("INSERT INTO d VALUES(?)", (text if i % 3 == 0 else f"kept-{i:04}-" + word(30),))
        if i % 3 == 0:
            texts.append(text)
    for i in range(40):
        texts.append(f"dropped-{i:04}-" + word(30))
        db.execute("INSERT INTO gone VALUES(?)", (texts[-1] + word(100 * i),))
    db.execute("DELETE FROM d WHERE a LIKE 'deleted-%'")
    db.execute("DROP TABLE gone")
    finish(name, db, Deleted=texts)


# What a write-ahead log can look like. SQLite recovers the copy: that is the truth.
WAL = ("journal_mode = WAL", "wal_autocheckpoint = 0")


def live(name, *pragmas):
    db = create(name, *pragmas, *WAL)
    fill(db)
    db.execute("UPDATE kinds SET b = 'changed ' || b WHERE rowid % 2")
    return db


@case("wal")
@case("wal512", "page_size = 512", "encoding = 'UTF-16le'")
@case("wal65536", "page_size = 65536")
def wal_only(name, *pragmas):
    finish(name, live(name, *pragmas))


@case("walcheckpoint")
def wal_checkpoint(name):
    db = live(name)
    db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    finish(name, db)


@case("walround")
def wal_round(name):
    db = live(name)
    db.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
    db.execute("DELETE FROM kinds WHERE rowid % 5 = 0")
    finish(name, db)


@case("walshrunk")
def wal_shrunk(name):
    db = live(name)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.execute("DELETE FROM kinds WHERE rowid > 20")
    db.execute("VACUUM")
    finish(name, db)


@case("waluncommitted")
def wal_uncommitted(name):
    db = live(name, "cache_size = 5")
    db.execute("BEGIN")
    pending = []
    for i in range(300):
        pending.append(f"uncommitted-{i:04}-" + word(40))
        db.execute("INSERT INTO kinds(b) VALUES(?)", (pending[-1],))
    finish(name, db, Uncommitted=pending[:30])


def big_endian(log):
    """Gives the log the checksums of a big-endian machine."""
    size, = struct.unpack_from(">I", log, 8)
    a = b = 0

    def add(data):
        nonlocal a, b
        for x, y in struct.iter_unpack(">II", data):
            a = (a + x + b) & 0xFFFFFFFF
            b = (b + y + a) & 0xFFFFFFFF

    struct.pack_into(">I", log, 0, 0x377F0683)
    add(log[:24])
    struct.pack_into(">II", log, 24, a, b)
    for at in range(32, len(log) - 23, 24 + size):
        add(log[at:at + 8] + log[at + 24:at + 24 + size])
        struct.pack_into(">II", log, at + 16, a, b)


def cut(log):
    del log[-700:]


def flip(where):
    def change(log):
        log[where(len(log))] ^= 1
    return change


@case("walbigendian", big_endian)
@case("walcut", cut)
@case("walbadframe", flip(lambda n: n // 2))
@case("walbadsalt", flip(lambda n: 17))
@case("walbadheader", flip(lambda n: 30))
@case("walbadmagic", flip(lambda n: 2))
def wal_changed(name, change):
    db = create(name, "page_size = 1024")
    fill(db, 50)
    for pragma in WAL:
        db.execute("PRAGMA " + pragma).fetchall()
    for i in range(40):
        db.execute("UPDATE kinds SET b = ? WHERE rowid = ?", (word(300), i))
    path = os.path.join(OUT, name + ".tmp")
    for end in ("", "-wal"):
        shutil.copy(path + end, path + ".copy" + end)
    db.close()
    shutil.move(path + ".copy", path)
    with open(path + ".copy-wal", "rb") as f:
        log = bytearray(f.read())
    change(log)
    with open(path + "-wal", "wb") as f:
        f.write(log)
    finish(name)


@case("small")
@case("smallutf16", "encoding = 'UTF-16be'", "auto_vacuum = 1")
@case("smallwal", *WAL)
def small(name, *pragmas):
    """What the fuzzer starts from: a bit of everything on few pages."""
    db = create(name, "page_size = 512", *pragmas)
    db.execute("CREATE TABLE t(a TEXT UNIQUE, b BLOB)")
    db.execute("CREATE TABLE w(k TEXT PRIMARY KEY, v) WITHOUT ROWID")
    for i in range(12):
        db.execute("INSERT INTO t VALUES(?,?)", (word(20 + 10 * i), noise.randbytes(30)))
        db.execute("INSERT INTO w VALUES(?,?)", (word(60), i))
    # Of a size that leaves room in the last page of the chain: most fill it.
    db.execute("INSERT INTO t VALUES(?, ?)", (word(1500), noise.randbytes(1036)))
    db.execute("DELETE FROM t WHERE rowid % 3 = 0")
    finish(name, db)


@case("bench")
def bench(name):
    db = create(name)
    db.execute("CREATE TABLE events(kind TEXT, body TEXT, packed BLOB)")
    db.execute("BEGIN")
    for i in range(50_000):
        db.execute("INSERT INTO events VALUES('message', ?, ?)", ("x" * (i % 700), b"y" * (i % 90)))
    db.execute("COMMIT")
    finish(name, db)


@case("empty")
def empty(name):
    open(os.path.join(OUT, name + ".tmp"), "w").close()
    finish(name)
