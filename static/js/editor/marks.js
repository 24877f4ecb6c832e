// What each button of the toolbar does to a text: pure functions from { text, start, end }, the selection, to
// { from, to, insert, select }, the stretch to replace and what is selected afterwards.

const run = (text, letter) => {
  let length = 0;
  while (text.at(-1 - length) === letter) length += 1;
  return length;
};

// Stars around words, or away again. One star is emphasis, two are strong, three are both.
const stars = (count) => ({ text, start, end }) => {
  const before = run(text.slice(0, start), "*");
  const after = run([...text.slice(end, end + 3)].reverse().join(""), "*");
  const around = Math.min(before, after, 3);
  const is = count === 1 ? around % 2 === 1 : around >= 2;
  const inside = text.slice(start, end);
  if (is) return { from: start - count, to: end + count, insert: inside, select: [start - count, end - count] };
  const mark = "*".repeat(count);
  return { from: start, to: end, insert: mark + inside + mark, select: [start + count, end + count] };
};

// A sign at the beginning of every line of the selection, or away again if all of them have it.
const lines = (sign) => ({ text, start, end }) => {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const to = next === -1 ? text.length : next;
  const all = text.slice(from, to).split("\n");
  const have = all.every((line) => line.startsWith(sign));
  const insert = all.map((line) => (have ? line.slice(sign.length) : sign + line)).join("\n");
  const select = start === end ? [from + insert.length, from + insert.length] : [from, from + insert.length];
  return { from, to, insert, select };
};

// A block of its own: an empty line before and after, unless there is one.
function block(text, start, end, insert, [selectFrom, selectTo]) {
  const before = text.slice(0, start);
  const after = text.slice(end);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const trail = !after || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  const at = start + lead.length;
  return { from: start, to: end, insert: lead + insert + trail, select: [at + selectFrom, at + selectTo] };
}

function link({ text, start, end }) {
  const words = text.slice(start, end);
  if (/^https?:\/\/\S+$/.test(words)) {
    return { from: start, to: end, insert: `[](${words})`, select: [start + 1, start + 1] };
  }
  const address = start + words.length + 3;
  const insert = `[${words}](https://)`;
  return { from: start, to: end, insert, select: words ? [address, address + 8] : [start + 1, start + 1] };
}

function code({ text, start, end }) {
  const inside = text.slice(start, end);
  if (inside.includes("\n")) return block(text, start, end, `\`\`\`\n${inside}\n\`\`\``, [3, 3]);
  return { from: start, to: end, insert: `\`${inside}\``, select: [start + 1, end + 1] };
}

// The sign at the caret, its note at the end of the text, and the caret there.
function footnote({ text, end }) {
  const numbers = [...text.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1]));
  const sign = `[^${Math.max(0, ...numbers) + 1}]`;
  const rest = text.slice(end).trimEnd();
  const follows = /(^|\n)\[\^[^\]\n]+\]:[^\n]*$/.test(rest);
  const insert = `${sign}${rest}${follows ? "\n" : "\n\n"}${sign}: `;
  return { from: end, to: text.length, insert, select: [end + insert.length, end + insert.length] };
}

function table({ text, end, cell }) {
  const row = `| ${cell} | ${cell} |`;
  const insert = `${row}\n| --- | --- |\n|  |  |`;
  return block(text, end, end, insert, [2, 2 + cell.length]);
}

export const marks = {
  bold: stars(2),
  italic: stars(1),
  link,
  heading: lines("## "),
  quote: lines("> "),
  list: lines("- "),
  code,
  footnote,
  table,
};

// Something on a paragraph of its own, with the caret behind it.
export const paragraph = (insert) => ({ text, start, end }) => block(text, start, end, insert, [insert.length, insert.length]);
