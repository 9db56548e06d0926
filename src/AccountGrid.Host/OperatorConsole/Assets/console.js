// @ts-check
// What is live. The server writes the page; this changes cells of it, and nothing else: no row moves, no field loses what is typed.

/**
 * The amount in the digits of its currency, as the server writes it.
 * @param {string} amount decimal text
 * @param {number} digits 0 to 4
 * @param {string} currency
 */
function money(amount, digits, currency) {
  const negative = amount.startsWith("-");
  const [whole, part = ""] = (negative ? amount.slice(1) : amount).split(".");
  const padded = part.padEnd(digits + 1, "0");
  let value = BigInt(whole + padded.slice(0, digits));
  if (padded.charCodeAt(digits) >= 53) {
    value += 1n;
  }
  const text = value.toString().padStart(digits + 1, "0");
  const front = digits === 0 ? text : text.slice(0, -digits);
  const grouped = front.replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = negative && value !== 0n ? "-" : "";
  return `${sign}${grouped}${digits === 0 ? "" : `.${text.slice(-digits)}`} ${currency}`;
}

/**
 * Local time with the name of its zone, as the server writes it.
 * @param {string} at
 * @param {string} zone
 */
function time(at, zone) {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).format(new Date(at));
  return `${parts} ${zone}`;
}

/** @param {HTMLElement} section */
function follow(section) {
  const address = section.dataset.live;
  if (address === undefined) {
    return;
  }
  const said = /** @type {HTMLElement | null} */ (section.querySelector("[data-live-state]"));
  let version = -1;
  /** @type {EventSource | null} */
  let source = null;

  /** @param {boolean} lost */
  const tell = (lost) => {
    if (said !== null) {
      said.textContent = lost ? said.dataset.lost ?? "" : "";
      said.classList.toggle("hidden", !lost);
      said.classList.toggle("wrong", lost);
    }
  };

  /** @param {string} field @param {string} text @param {string} [title] */
  const put = (field, text, title) => {
    const cell = /** @type {HTMLElement | null} */ (section.querySelector(`[data-field="${field}"]`));
    if (cell === null) {
      return;
    }
    if (cell.textContent !== text) {
      cell.textContent = text;
    }
    if (title !== undefined) {
      cell.title = title;
    }
  };

  const open = () => {
    source = new EventSource(address);
    source.addEventListener("balance", (event) => {
      tell(false);
      const balance = JSON.parse(event.data);
      // After a reconnection another server may answer first with an older balance: a newer one stays.
      if (balance.version < version) {
        return;
      }
      version = balance.version;
      const cell = /** @type {HTMLElement | null} */ (section.querySelector('[data-field="amount"]'));
      put("amount", money(balance.amount, Number(cell?.dataset.digits ?? "2"), balance.currency), balance.amount);
      if (balance.daysLeft !== null && balance.daysLeft !== undefined) {
        put("daysLeft", Number(balance.daysLeft).toFixed(1));
      }
      put("asOf", time(balance.asOf, section.dataset.zone ?? "UTC"));
    });
    source.onerror = () => tell(true);
  };

  const close = () => {
    source?.close();
    source = null;
  };

  // A browser has six connections to a server of HTTP/1.1: tabs that nobody looks at give theirs back.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      close();
    } else if (source === null) {
      open();
    }
  });
  if (!document.hidden) {
    open();
  }
}

for (const section of document.querySelectorAll("[data-live]")) {
  follow(/** @type {HTMLElement} */ (section));
}

/** How often a page asks for itself again, ms; at most so much longer, so that many do not ask at once. */
const EVERY = 15_000;
const JITTER = 5_000;

/** After so long without a key or a pointer nobody looks, ms. */
const IDLE = 1_800_000;

/** Cells with a name follow the page as it would be loaded now. Rows that are new are counted, and are shown when somebody asks for them. */
function refresh() {
  const said = document.getElementById("live");
  if (said === null || document.querySelector("[data-cell]") === null) {
    return;
  }
  let wait = EVERY;
  let used = Date.now();
  let saying = "";

  /** @param {string} text @param {boolean} [offers] */
  const say = (text, offers) => {
    if (text === saying) {
      return;
    }
    saying = text;
    said.textContent = text;
    said.classList.toggle("hidden", text === "");
    if (offers) {
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = said.dataset.show ?? "";
      said.append(" ", link);
    }
  };

  /** @param {Element} cell */
  const isInUse = (cell) => {
    const selection = document.getSelection();
    return cell.contains(document.activeElement) || (selection !== null && !selection.isCollapsed && selection.containsNode(cell, true));
  };

  /** @param {Document} now */
  const show = (now) => {
    /** @type {Map<string | undefined, HTMLElement>} */
    const cells = new Map();
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (now.querySelectorAll("[data-cell]"))) {
      cells.set(cell.dataset.cell, cell);
    }
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-cell]"))) {
      const next = cells.get(cell.dataset.cell);
      if (next !== undefined && !isInUse(cell) && (cell.textContent !== next.textContent || cell.className !== next.className)) {
        cell.textContent = next.textContent;
        cell.className = next.className;
        cell.title = next.title;
      }
    }
    /** @param {Document} page */
    const rowsOf = (page) => Array.from(/** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-row]")), (row) => row.dataset.row);
    const known = new Set(rowsOf(document));
    const added = rowsOf(now).filter((row) => !known.has(row)).length;
    say(added === 0 ? "" : `${said.dataset.new} ${added}.`, added > 0);
  };

  /** False where there is nothing more to ask for. */
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { headers: { "X-Console-Refresh": "1" }, redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) {
        say(said.dataset.over ?? "");
        return false;
      }
      if (answer.ok) {
        wait = EVERY;
        show(new DOMParser().parseFromString(await answer.text(), "text/html"));
        return true;
      }
    } catch {
      // The server is away: said below.
    }
    wait = Math.min(wait * 2, EVERY * 16);
    say(said.dataset.lost ?? "");
    return true;
  };

  const next = () => setTimeout(async () => {
    if (Date.now() - used > IDLE) {
      say(said.dataset.over ?? "");
    } else if (document.hidden || await ask()) {
      next();
    }
  }, wait + Math.random() * JITTER);

  for (const event of ["keydown", "pointerdown", "pointermove", "visibilitychange"]) {
    document.addEventListener(event, () => {
      used = Date.now();
    }, { passive: true });
  }
  next();
}

refresh();
