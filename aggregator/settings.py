"""Every setting of the project; components stand in the order in which a request, a response and an item meet them."""

from pathlib import Path

BOT_NAME = "news-aggregator"
USER_AGENT = "news-aggregator/1.0"  # add a page or address where a site's owner can reach you
SPIDER_MODULES = ["aggregator.spiders"]
NEWSPIDER_MODULE = "aggregator.spiders"
COMMANDS_MODULE = "aggregator.commands"

# --- This project's own -------------------------------------------------------------------------------------------
OUTPUT = "data/{site}/{date}/{run}.jsonl"
SEEN_URL = "sqlite:///data/seen.db"  # what earlier runs have written; or postgresql://user:password@host/database
DUPLICATES = "drop"  # a story's copies: "drop" lists them in copies.jsonl, "mark" writes them with duplicates_of
GROUP_COMMIT_SECONDS = 0.2  # lines wait this long for company before they are forced to disk together …
GROUP_COMMIT_ITEMS = 64  # … or until so many wait
COPIES_DAYS = 30  # how long a text is compared with later ones
LEARN_BOILERPLATE = True  # cut what a site repeats from story to story
CLOCK = None  # None: the real one; an ISO 8601 moment with offset: frozen there
MAX_LISTING_PAGES = 5  # followed from each start URL; a spider's `max_pages` wins
MAX_BACKFILL_PAGES = 1000  # … where `-a since=` asks for what lies further back
STOP_AT_KNOWN = (
    1.0  # the share of a listing page's articles known from earlier runs at which its further pages are left
)
MAX_URLS_ALIKE = 2000  # article URLs of one host and form that a run takes up: more are a trap
SITEMAP_DAYS = 3  # how old a sitemap's entry may be to be fetched
REVISIT_HOURS = [1, 6, 24]  # after its first fetch a story is fetched again, for its revisions; []: never
RETRY_HOURS = [1, 6, 24, 72]  # … a URL that gave no article, or could not be fetched
RIGHTS_OBEYED: list[str] = []  # robots' words at which a story is not kept: noindex, noarchive, noai, tdm-reservation …
ALLOWED_INTERNAL: list[str] = []  # hosts that may be fetched although their address is a private one
RENDER = True  # pages whose HTML lacks the story or the list, by a browser; a spider's `render` says which
CHROMIUM = None  # the browser's path; None: looked for
RENDER_TIMEOUT = 30.0  # seconds for one
FIXTURES = str(Path(__file__).resolve().parents[1] / "fixtures")

# --- Politeness (per host) ----------------------------------------------------------------------------------------
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0  # seconds; a longer Crawl-delay of a host's robots.txt wins …
MAX_CRAWL_DELAY = 60.0  # … up to this
BACKOFF_SECONDS = 5.0  # a host's rest after a 429 or 503; 0: none
MAX_BACKOFF_SECONDS = 300.0  # a host that wants a longer rest is left to the next run
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 2
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the URL's fate tells

# --- Bounds: pages, headers and redirects may be an attacker's ------------------------------------------------------
DOWNLOAD_TIMEOUT = 30
DNS_TIMEOUT = 10
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a page cut short is read and marked as partial
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 5
URLLENGTH_LIMIT = 0  # discovery bounds them, with a fate; Scrapy would drop them silently
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "aggregator.fetching.guard.GuardedResolver"

# --- Route ----------------------------------------------------------------------------------------------------------
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # a spider asks once; a filter loses redirects
SCHEDULER_PRIORITY_QUEUE = "aggregator.fetching.queue.HostQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # articles in the order their site lists them
CONCURRENT_ITEMS = 4
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "aggregator.fetching.pace.Pace": 90,
    "aggregator.fetching.robots.RobotsMiddleware": 100,
    "aggregator.fetching.guard.AddressGuard": 560,
    "aggregator.fetching.blocks.BlockPages": 570,
    "aggregator.fetching.rendering.Rendering": 580,
    "aggregator.fetching.clock.ClockMiddleware": 950,
}
ITEM_PIPELINES = {
    "aggregator.pipelines.require_fields.RequireFields": 100,
    "aggregator.pipelines.respect_rights.RespectRights": 150,
    "aggregator.pipelines.strip_boilerplate.StripBoilerplate": 200,
    "aggregator.pipelines.drop_duplicates.DropDuplicates": 300,
    "aggregator.pipelines.strip_repeated.StripRepeated": 400,
    "aggregator.pipelines.write_jsonl.WriteJsonl": 500,
}
EXTENSIONS = {
    "aggregator.fetching.files.Files": 400,
    "aggregator.reports.fates.Fates": 500,
    "aggregator.reports.run.RunReport": 510,
}
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 20_000_000  # bytes; items that wait for the group commit hold their page's size

# --- Log --------------------------------------------------------------------------------------------------------------
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "aggregator.reports.log.Brief"
LOGSTATS_INTERVAL = 0
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # the fates tell
