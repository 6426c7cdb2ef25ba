// The Markdown editor over the plain text field: CodeMirror in a shadow root, where its style sheets are adopted and the strict
// policy of styles holds. What stands in the editor stands in the field; without a script the field is all there is.
(() => {
  const field = document.getElementById("body");
  if (!field || !window.CodeMirror || !window.TurndownService) return;
  const C = window.CodeMirror, t = C.tags;
  const label = document.querySelector('label[for="body"]');
  const host = document.createElement("div");
  host.className = "editor";
  field.after(host);
  const root = host.attachShadow({ mode: "open" });

  const look = C.EditorView.theme({
    "&": { minHeight: "22rem", maxHeight: "70vh", backgroundColor: "#fff", color: "#1c2529" },
    "&.cm-focused": { outline: "3px solid #1c2529", outlineOffset: "2px" },
    ".cm-scroller": { font: "inherit", lineHeight: "1.75", overflow: "auto" },
    ".cm-content": { padding: ".6rem .2rem" },
  });
  const marks = C.HighlightStyle.define([
    { tag: t.heading, fontWeight: "700", color: "#093b49" },
    { tag: t.strong, fontWeight: "700" },
    { tag: t.emphasis, fontStyle: "italic" },
    { tag: [t.link, t.url], color: "#0b5d75" },
    { tag: t.quote, color: "#4f5d63" },
  ]);
  const view = new C.EditorView({
    root,
    parent: root,
    doc: field.value,
    extensions: [
      C.history(), C.EditorView.lineWrapping, C.markdownLanguage, C.syntaxHighlighting(marks), look,
      C.keymap.of([
        { key: "Mod-b", run: () => wrap("**", "加粗的文字") },
        { key: "Enter", run: C.insertNewlineContinueMarkup },
        { key: "Backspace", run: C.deleteMarkupBackward },
        { key: "Escape", run: () => { toolbar.querySelector("button").focus(); return true; } },
        ...C.defaultKeymap, ...C.historyKeymap,
      ]),
      C.EditorView.contentAttributes.of({ "aria-label": label ? label.firstChild.textContent.trim() : "正文", "aria-multiline": "true" }),
      C.EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        field.value = update.state.doc.toString();
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }),
      C.EditorView.domEventHandlers({ paste, beforeinput, drop: (event) => event.dataTransfer.files.length > 0 }),
    ],
  });
  field.hidden = true;
  if (label) label.addEventListener("click", () => view.focus());
  document.addEventListener("click", (event) => { if (event.target.closest?.('a[href="#body"]')) { event.preventDefault(); view.focus(); } });
  if (location.hash === "#body") view.focus();

  // A browser that types over marked text makes inline styles, which the policy refuses; so the editor does it.
  function beforeinput(event) {
    if (event.inputType !== "insertText" || !event.data || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data));
    return true;
  }

  function put(text, from = view.state.selection.main.from, to = view.state.selection.main.to, mark = null) {
    view.dispatch({ changes: { from, to, insert: text }, selection: mark || { anchor: from + text.length }, scrollIntoView: true, userEvent: "input" });
    view.focus();
    return true;
  }
  function wrap(sign, blank) {
    const { from, to } = view.state.selection.main;
    const text = view.state.sliceDoc(from, to) || blank;
    return put(sign + text + sign, from, to, { anchor: from + sign.length, head: from + sign.length + text.length });
  }
  function lead(sign, numbered = false) {
    const { from, to } = view.state.selection.main;
    const first = view.state.doc.lineAt(from), last = view.state.doc.lineAt(to);
    const lines = view.state.sliceDoc(first.from, last.to).split("\n");
    const isOn = !numbered && lines.every((line) => line.startsWith(sign));
    const text = lines.map((line, n) => isOn ? line.slice(sign.length) : (numbered ? `${n + 1}. ` : sign) + line.replace(/^(#{1,6} |- |\d+\. |> )/, "")).join("\n");
    return put(text, first.from, last.to);
  }
  function block(text) {
    const { to } = view.state.selection.main;
    const line = view.state.doc.lineAt(to);
    const gap = line.length ? "\n\n" : line.number > 1 && view.state.doc.line(line.number - 1).length ? "\n" : "";
    return put(`${gap}${text}\n`, line.to, line.to);
  }
  const TABLE = "| 名称 | 内容 | 备注 |\n|---|---|---|\n|  |  |  |\n|  |  |  |";

  // Pictures are chosen from the attachments, so that no page loads anything from elsewhere.
  function pictures() {
    menu.replaceChildren();
    const files = [...document.querySelectorAll("#attachments [data-picture]")];
    if (!files.length) menu.append(Object.assign(document.createElement("p"), { textContent: "附件里还没有图片。请先在“附件”中上传 jpg 或 png。" }));
    for (const file of files) {
      const name = file.querySelector("input[type=text], input:not([type])")?.value || "图片";
      const pick = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: name });
      pick.addEventListener("click", () => { menu.hidden = true; block(`![${name.replace(/\.\w+$/, "")}](${file.dataset.picture})`); });
      menu.append(pick);
    }
    menu.hidden = !menu.hidden;
    if (!menu.hidden) menu.querySelector("button")?.focus();
  }

  const TOOLS = [
    ["标题", "小标题（行首加 ##）", () => lead("## ")], ["粗体", "加粗所选文字（Ctrl+B）", () => wrap("**", "加粗的文字")],
    ["列表", "项目列表", () => lead("- ")], ["编号", "编号列表", () => lead("", true)], ["引用", "引用", () => lead("> ")],
    ["链接", "插入链接", () => {
      const { from, to } = view.state.selection.main;
      const text = view.state.sliceDoc(from, to) || "链接文字";
      put(`[${text}](https://)`, from, to, { anchor: from + text.length + 3, head: from + text.length + 11 });
    }],
    ["表格", "插入表格", () => block(TABLE)], ["图片", "插入附件中的图片", pictures],
    ["撤销", "撤销（Ctrl+Z）", () => { C.undo(view); view.focus(); }], ["重做", "重做（Ctrl+Y）", () => { C.redo(view); view.focus(); }],
  ];
  const toolbar = document.createElement("div");
  toolbar.className = "toolbar";
  toolbar.setAttribute("role", "toolbar");
  toolbar.setAttribute("aria-label", "正文工具");
  TOOLS.forEach(([text, title, run], place) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: text, title });
    button.tabIndex = place ? -1 : 0;
    button.addEventListener("click", run);
    toolbar.append(button);
  });
  toolbar.addEventListener("keydown", (event) => {
    const buttons = [...toolbar.children], here = buttons.indexOf(document.activeElement);
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (there === undefined || here < 0) return;
    event.preventDefault();
    const next = buttons[(there + buttons.length) % buttons.length];
    buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
  });
  const menu = document.createElement("div");
  menu.className = "picture-menu";
  menu.hidden = true;
  host.before(toolbar, menu);

  // From Word, WPS and web pages: headings, lists and tables stay, everything else of their looks goes.
  function paste(event) {
    const html = event.clipboardData?.getData("text/html");
    if (!html || !/<(table|h[1-6]|[ou]l|b|strong|a\s|p)[\s>]/i.test(html)) return false;
    const text = toMarkdown(html);
    if (!text.trim()) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(text));
    return true;
  }

  function toMarkdown(html) {
    // Styles are kept under another name: a parsed document obeys the policy too.
    const page = new DOMParser().parseFromString(html.replace(/<!--[\s\S]*?-->|<(style|script|xml)\b[\s\S]*?<\/\1>/gi, "").replace(/\sstyle\s*=/gi, " data-style=").replace(/\son\w+\s*=/gi, " data-on="), "text/html");
    for (const gone of page.querySelectorAll("style, script, meta, link, title, xml, object, iframe")) gone.remove();
    for (const each of [...page.body.querySelectorAll("*")]) if (each.localName.includes(":") || each.localName === "font") each.replaceWith(...each.childNodes);
    wordLists(page);
    for (const bold of page.querySelectorAll("span[data-style*='font-weight:bold' i], span[data-style*='font-weight:700' i]")) {
      const strong = page.createElement("strong");
      strong.append(...bold.childNodes);
      bold.replaceWith(strong);
    }
    for (const picture of page.querySelectorAll("img")) picture.replaceWith("（此处原有图片，请上传为附件后插入）");
    for (const link of page.querySelectorAll("a")) if (!/^(https?:|mailto:)/i.test(link.getAttribute("href") || "")) link.replaceWith(...link.childNodes);
    return turndown().turndown(page.body).replace(/\u00a0/g, " ").replace(/\n{3,}/g, "\n\n").trim();
  }

  // Word writes lists as paragraphs with a painted mark.
  function wordLists(page) {
    for (const item of page.querySelectorAll("p[class*='MsoListParagraph'], p[data-style*='mso-list']")) {
      const mark = item.querySelector("span[data-style*='mso-list:Ignore' i]");
      const isNumbered = /\d|[一二三四五六七八九十]/.test(mark?.textContent || "");
      mark?.remove();
      const li = page.createElement("li");
      li.append(...item.childNodes);
      const kind = isNumbered ? "ol" : "ul", before = item.previousElementSibling;
      if (before?.dataset.word === kind) { before.append(li); item.remove(); continue; }
      const list = page.createElement(kind);
      list.dataset.word = kind;
      list.append(li);
      item.replaceWith(list);
    }
  }

  function turndown() {
    const service = new window.TurndownService({ headingStyle: "atx", bulletListMarker: "-", codeBlockStyle: "fenced", emDelimiter: "*" });
    const cells = (row) => [...row.cells].map((cell) => cell.textContent.replace(/\s+/g, " ").replaceAll("|", "\\|").trim());
    service.addRule("table", {
      filter: "table",
      replacement: (_content, table) => {
        const rows = [...table.rows];
        if (!rows.length) return "";
        if (table.querySelector("[colspan]:not([colspan='1']), [rowspan]:not([rowspan='1'])")) return `\n\n${spanned(rows)}\n\n`;
        const width = Math.max(...rows.map((row) => row.cells.length));
        const lines = rows.map((row) => `| ${[...cells(row), ...Array(width - row.cells.length).fill("")].join(" | ")} |`);
        return `\n\n${lines[0]}\n|${"---|".repeat(width)}\n${lines.slice(1).join("\n")}\n\n`;
      },
    });
    service.addRule("gone", { filter: ["u", "ins"], replacement: (content) => content });
    return service;
  }

  // Merged cells cannot be said in Markdown; such a table stays clean HTML.
  function spanned(rows) {
    const safe = (text) => text.replace(/\s+/g, " ").trim().replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
    const span = (cell) => ["colspan", "rowspan"].map((name) => cell.getAttribute(name) > 1 ? ` ${name}="${Number(cell.getAttribute(name))}"` : "").join("");
    const line = (row) => `<tr>${[...row.cells].map((cell) => `<td${span(cell)}>${safe(cell.textContent)}</td>`).join("")}</tr>`;
    return `<table>\n${rows.map(line).join("\n")}\n</table>`;
  }
})();
