// Elements, built without markup in strings: whatever a value holds stays text.

export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export function pill(words, look = "plain") {
  return h("span", { class: `pill ${look}` }, words);
}

export function yes(value) {
  return value ? pill("yes", "good") : pill("no");
}

export function button(words, act, given = {}) {
  return h("button", { class: "button", type: "button", onclick: act, ...given }, words);
}

export function command(text) {
  return h("div", { class: "command" }, h("code", {}, text),
    h("button", { class: "button quiet round", type: "button", "data-copy": text, "aria-label": "Copy the command" }, icon("copy")));
}

export function code(text) {
  return h("code", {}, text);
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function when(at) {
  if (!at) return "";
  return h("time", { datetime: at }, moment.format(new Date(at)));
}

export function empty(title, words) {
  return h("div", { class: "empty" }, icon("search"), h("h2", {}, title), h("p", {}, words));
}

// `columns` is [[title, cell(row), ...]]; on a phone each row becomes a card, and the
// titles stand beside the values. The roles are written out because such a layout
// takes them away.
export function table(label, columns, rows) {
  const cells = (row) => columns.map(([title, cell]) =>
    h("td", { role: "cell", "data-title": title }, h("div", {}, cell(row))));
  return h("table", { role: "table", class: "sheet", "aria-label": label },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map(([title]) =>
      h("th", { role: "columnheader", scope: "col" }, title)))),
    h("tbody", { role: "rowgroup" }, rows.map((row) => h("tr", { role: "row" }, cells(row)))));
}
