-- Schema of the store, version 1. docs/store.md says what the columns mean; dateline/store/schema.py
-- applies this file and the migrations that come after it.
--
-- Ids are 20 hex digits of a hash of what the row is about (dateline/store/ids.py), so a rebuilt row
-- has the id it had. There are no key constraints: the one writer keeps each id unique, and an index
-- of all keys would grow with the store and have to fit into memory.
-- Offsets are half-open and count characters of the article's text, page_* of the page's text.
-- Columns with words of the article (marked "words") are NULL in a store built with --no-text.

CREATE TABLE store (key VARCHAR NOT NULL, value VARCHAR NOT NULL);

-- What was read -----------------------------------------------------------------------------------

CREATE TABLE inputs (          -- files that pages came from and that are done as a whole
    location VARCHAR NOT NULL, -- absolute path or URL
    size BIGINT NOT NULL,      -- bytes, with modified the sign that the file is unchanged
    modified BIGINT NOT NULL,  -- nanoseconds since 1970
    settings VARCHAR NOT NULL, -- how its rows were read (format and column names)
    pages BIGINT NOT NULL,     -- pages in it
    skipped BIGINT NOT NULL    -- entries that are no pages: pictures, redirects, requests
);

CREATE TABLE pages (
    id VARCHAR NOT NULL,       -- of its address and its content
    url VARCHAR,
    location VARCHAR NOT NULL, -- the file it was in
    part VARCHAR,              -- row or byte offset in that file; NULL: the file is the page
    content_hash VARCHAR NOT NULL,
    size BIGINT NOT NULL,      -- bytes
    kind VARCHAR,              -- html, text; NULL when it failed
    encoding VARCHAR,
    outcome VARCHAR NOT NULL,  -- article, no_story, failed
    reason VARCHAR,            -- code: why there is no article
    message VARCHAR,           -- the same for people
    attempts TINYINT NOT NULL,
    version VARCHAR NOT NULL,  -- versions.id
    text BLOB                  -- words: the page's text, UTF-8, zstd
);

CREATE TABLE versions (        -- what made the rows of a page
    id VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    codebook VARCHAR NOT NULL,
    record_schema VARCHAR NOT NULL
);

CREATE TABLE runs (            -- the builds; the one table with times of the clock
    run INTEGER NOT NULL,
    started TIMESTAMPTZ NOT NULL,
    ended TIMESTAMPTZ,         -- NULL: running, or killed
    state VARCHAR NOT NULL,    -- running, done, interrupted, failed
    arguments VARCHAR NOT NULL,
    engine VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    pages BIGINT NOT NULL,     -- added by this run
    articles BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    seconds DOUBLE NOT NULL
);

-- One story page: its article ---------------------------------------------------------------------

CREATE TABLE articles (
    id VARCHAR NOT NULL,       -- = pages.id
    record_id VARCHAR NOT NULL, -- Article.id: of URL and text
    url VARCHAR,
    headline VARCHAR,
    standfirst VARCHAR,        -- words
    bylines VARCHAR[] NOT NULL,
    published TIMESTAMPTZ,
    published_granularity VARCHAR, -- day, minute
    agency VARCHAR,            -- wire service that it names
    outlet VARCHAR,            -- as printed
    source VARCHAR,            -- sources.id; NULL when neither URL nor outlet is known
    section VARCHAR,
    datelines VARCHAR[] NOT NULL,
    language VARCHAR NOT NULL,
    characters INTEGER NOT NULL,
    words INTEGER NOT NULL,
    text_hash VARCHAR NOT NULL, -- SHA-256 of the clean text, UTF-8
    text BLOB                  -- words: the clean text, UTF-8, zstd
);

CREATE TABLE records (         -- the whole Record as JSON without the text, zstd
    article VARCHAR NOT NULL,
    record BLOB NOT NULL       -- words taken out with --no-text
);

CREATE TABLE sources (         -- outlets
    id VARCHAR NOT NULL,       -- registrable host of the URL ('example.org'), else 'outlet:' and its name
    name VARCHAR NOT NULL,
    articles BIGINT NOT NULL
);

CREATE TABLE actors (          -- an actor as of the date of an article
    article VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,    -- the registry's id; '~...' is known from this article alone
    name VARCHAR NOT NULL,
    country VARCHAR NOT NULL,  -- ISO 3166-1 alpha-3, IGO, UNO, EUR or ''
    sector VARCHAR NOT NULL,
    sector2 VARCHAR NOT NULL,
    office VARCHAR,
    kind VARCHAR NOT NULL,     -- person, country, organisation, group, role
    source VARCHAR NOT NULL,   -- table or rule that resolved it
    note VARCHAR
);

CREATE TABLE parties (         -- an actor as mentioned, in its part
    article VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,    -- id of the event, statement or position
    role VARCHAR NOT NULL,     -- actor, recipient (events); speaker, addressee (statements); party (positions)
    ordinal SMALLINT NOT NULL, -- 0, 1, ... within owner and role
    actor VARCHAR,             -- actors.actor; NULL: words that are tied to no actor
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    text VARCHAR               -- words
);

CREATE TABLE statements (
    id VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    local_id VARCHAR NOT NULL, -- id in the Record ('s1')
    kind VARCHAR NOT NULL,     -- direct, indirect, mixed
    cue_spans INTEGER[][] NOT NULL,     -- [[start, end], ...]
    content_spans INTEGER[][] NOT NULL,
    content VARCHAR,           -- words, pieces joined by ' … '
    channel VARCHAR,
    channel_start INTEGER,
    channel_end INTEGER,
    when_start VARCHAR,        -- ISO date cut to the granularity known; NULL: no time
    when_end VARCHAR,
    when_granularity VARCHAR,  -- year, month, day, hour
    when_basis VARCHAR,        -- stated, inferred, published
    when_span_start INTEGER,
    when_span_end INTEGER,
    confidence DOUBLE NOT NULL
);

CREATE TABLE events (          -- one act as one article tells it; acts counts them once
    id VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    local_id VARCHAR NOT NULL, -- 'e3'
    type VARCHAR NOT NULL,     -- one of the 16 PLOVER types
    mode VARCHAR,
    contexts VARCHAR[] NOT NULL,
    cameo VARCHAR,             -- a string: leading zero kept
    quad TINYINT NOT NULL,     -- 1 to 4
    intensity DOUBLE NOT NULL, -- -10 to 10
    status VARCHAR NOT NULL,
    statement VARCHAR,         -- statements.id that reports it; NULL: the article itself
    confidence DOUBLE NOT NULL,
    trigger_start INTEGER NOT NULL,
    trigger_end INTEGER NOT NULL,
    trigger VARCHAR,           -- words
    evidence_spans INTEGER[][] NOT NULL,
    evidence VARCHAR,          -- words, pieces joined by ' … '
    place_name VARCHAR,
    place_start INTEGER,
    place_end INTEGER,
    lat DOUBLE,
    lon DOUBLE,
    place_country VARCHAR,
    geonameid BIGINT,
    when_start VARCHAR,
    when_end VARCHAR,
    when_granularity VARCHAR,
    when_basis VARCHAR,
    when_span_start INTEGER,
    when_span_end INTEGER,
    first_day DATE,            -- when_start and when_end as days, for filters
    last_day DATE
);

CREATE TABLE positions (
    id VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    local_id VARCHAR NOT NULL, -- 'p2'
    issue VARCHAR NOT NULL,
    stance VARCHAR NOT NULL,
    content_start INTEGER NOT NULL,
    content_end INTEGER NOT NULL,
    content VARCHAR,           -- words
    statement VARCHAR,         -- statements.id
    via VARCHAR[] NOT NULL,
    when_start VARCHAR,
    when_end VARCHAR,
    when_granularity VARCHAR,
    when_basis VARCHAR,
    when_span_start INTEGER,
    when_span_end INTEGER,
    first_day DATE,
    last_day DATE,
    confidence DOUBLE NOT NULL
);

CREATE TABLE places (          -- every toponym of the text
    id VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    lat DOUBLE,
    lon DOUBLE,
    country VARCHAR NOT NULL,
    geonameid BIGINT,
    confidence DOUBLE NOT NULL
);

CREATE TABLE times (           -- every time expression of the text
    id VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    text VARCHAR,              -- words
    type VARCHAR NOT NULL,     -- TIMEX3: DATE, TIME, DURATION, SET
    value VARCHAR NOT NULL,
    first_day VARCHAR,         -- ISO; NULL when the value is no calendar time
    last_day VARCHAR,
    modifier VARCHAR,
    anchored BOOLEAN NOT NULL
);

CREATE TABLE timeline (
    article VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    when_start VARCHAR NOT NULL,
    when_end VARCHAR NOT NULL,
    when_granularity VARCHAR NOT NULL,
    when_basis VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    text VARCHAR,              -- words
    event VARCHAR,             -- events.id
    background BOOLEAN NOT NULL
);

CREATE TABLE quantities (
    article VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    text VARCHAR,              -- words
    value DOUBLE,
    unit VARCHAR NOT NULL,
    bound VARCHAR NOT NULL     -- exact, about, at_least, at_most
);

CREATE TABLE discrepancies (   -- one row a passage
    article VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,  -- of the discrepancy
    passage INTEGER NOT NULL,  -- of the passage in it
    kind VARCHAR NOT NULL,
    summary VARCHAR,           -- words
    where_told VARCHAR NOT NULL, -- text, headline, standfirst, caption: what the span counts in
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    text VARCHAR               -- words
);

CREATE TABLE furniture (       -- what stood on the page and is not the story
    article VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    page_start INTEGER NOT NULL,
    page_end INTEGER NOT NULL
);

CREATE TABLE copies (          -- second printings of the story on its own page
    article VARCHAR NOT NULL,
    page_start INTEGER NOT NULL,
    page_end INTEGER NOT NULL,
    share DOUBLE NOT NULL
);

CREATE TABLE dropped (         -- seen and not coded; also pages that gave no article
    page VARCHAR NOT NULL,     -- pages.id = articles.id
    ordinal INTEGER NOT NULL,
    stage VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    span_start INTEGER,        -- NULL: the whole page
    span_end INTEGER
);

-- Across articles ---------------------------------------------------------------------------------

CREATE TABLE signatures (      -- what the copy index keeps of an article
    article VARCHAR NOT NULL,
    digest UBIGINT NOT NULL,   -- the same for texts of the same words; 0: too short to compare
    signature BLOB NOT NULL    -- dateline/store/copies/signature.py
);

CREATE TABLE printings (       -- an article as a source: dateline/store/copies/sources.py
    article VARCHAR NOT NULL,
    outlet VARCHAR,            -- sources.id, or the name printed
    agency VARCHAR,            -- whose text it is, by a credit, a signature or the outlet itself
    quotes VARCHAR[] NOT NULL  -- agencies it cites
);

CREATE TABLE reports (         -- an event with what merging needs: dateline/store/merge/report.py
    event VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    day DATE,                  -- first day of its time; NULL: no time
    report VARCHAR NOT NULL    -- JSON
);

CREATE TABLE stories (         -- articles of common origin
    id VARCHAR NOT NULL,
    n_articles INTEGER NOT NULL,
    n_outlets INTEGER NOT NULL,
    n_independent INTEGER NOT NULL,
    agency VARCHAR,            -- wire service it came from, where one is named
    first_published TIMESTAMPTZ,
    first_article VARCHAR NOT NULL
);

CREATE TABLE story_articles (  -- each article is in exactly one story
    article VARCHAR NOT NULL,
    story VARCHAR NOT NULL,
    similarity DOUBLE,         -- to the story's nearest other article; NULL when it is alone
    evidence VARCHAR NOT NULL  -- why it is in: alone, exact, near, contained, agency ...
);

CREATE TABLE acts (            -- an act counted once, whoever tells it
    id VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    mode VARCHAR,
    contexts VARCHAR[] NOT NULL,
    cameo VARCHAR,
    quad TINYINT NOT NULL,
    intensity DOUBLE NOT NULL,
    status VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    actors VARCHAR[] NOT NULL, -- actor ids; words in quotation marks where they are tied to none
    recipients VARCHAR[] NOT NULL,
    place_name VARCHAR,
    lat DOUBLE,
    lon DOUBLE,
    place_country VARCHAR,
    geonameid BIGINT,
    first_day DATE,
    last_day DATE,
    event VARCHAR NOT NULL,    -- events.id of the member that stands for it
    n_events INTEGER NOT NULL,
    n_articles INTEGER NOT NULL,
    n_outlets INTEGER NOT NULL,
    n_independent INTEGER NOT NULL, -- stories that tell it
    spread VARCHAR NOT NULL    -- JSON object: places, numbers, statuses and days that members give
);

CREATE TABLE act_events (      -- each event is in exactly one act
    event VARCHAR NOT NULL,
    act VARCHAR NOT NULL,
    reason VARCHAR NOT NULL    -- why it was merged ('alone' for a lone one)
);

-- Reserved for the explorer -----------------------------------------------------------------------

CREATE TABLE corrections (
    id VARCHAR NOT NULL,
    target_table VARCHAR NOT NULL,
    target VARCHAR NOT NULL,   -- id of the row
    field VARCHAR NOT NULL,
    old VARCHAR,               -- JSON
    new VARCHAR,               -- JSON
    reason VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    made TIMESTAMPTZ NOT NULL
);
