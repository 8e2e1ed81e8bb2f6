'use strict';
// The data of the page, the address, and the rows that are shown. view.js follows in the same script element.

const VERDICTS = ['does-not-run', 'not-found', 'undetermined', 'runs', 'not-scheduled'];
const RUNS = VERDICTS.indexOf('runs');
const WORDS = ['does not run', 'not found', 'undetermined', 'runs', 'not scheduled'];
const ROWS_OF_A_PAGE = 100;
const ROWS_IN_PRINT = 2000;
const OPEN_IN_ADDRESS = 10;
const COLUMNS_IN_VIEW = 8;
const FILTERS = ['q', 'namespace', 'platform', 'verdict'];
const NO_FILTER = {q: '', namespace: '', platform: '', verdict: ''};
const byId = id => document.getElementById(id);
const source = JSON.parse(byId('data').textContent);
const text = index => source.texts[index];
const platforms = source.platforms;
const rows = source.rows.map(toRow);
giveKeys();

function toRow([image, digest, verdict, reason, message, fix, notes, cells, uses, workloads, total], index) {
  return {
    index, image, digest, verdict, notes, total,
    reason: text(reason), message: text(message), fix: text(fix),
    cells: cells.map(([of, why, says]) => ({verdict: of, reason: text(why), message: text(says)})),
    uses: uses.map(([namespace, count, cpu, memory]) => ({namespace: text(namespace), count, cpu, memory})),
    workloads: workloads.map(([namespace, name]) => text(namespace) + '/' + name),
  };
}

/** The name of a row in the address: its image, and its first namespace if other rows have the same image. */
function giveKeys() {
  const counts = new Map();
  rows.forEach(row => counts.set(row.image, (counts.get(row.image) || 0) + 1));
  const taken = new Set();
  rows.forEach(row => {
    let key = counts.get(row.image) > 1 && row.uses.length ? row.image + ' in ' + row.uses[0].namespace : row.image;
    while (taken.has(key)) {
      key += "'";
    }
    taken.add(key);
    row.key = key;
  });
}

const namespaces = new Set(rows.flatMap(row => row.uses.map(use => use.namespace)));

// amounts: of one namespace, or of all

const state = {q: '', namespace: '', platform: '', verdict: '', sort: '', page: 1, open: new Set()};
const sum = (row, field) => row.uses.reduce(
  (all, use) => all + (state.namespace && use.namespace !== state.namespace ? 0 : use[field] || 0), 0);
const knows = field => rows.some(row => row.uses.some(use => use[field] !== null));
const total = field => rows.reduce((all, row) => all + row.uses.reduce((of, use) => of + (use[field] || 0), 0), 0);
const totals = {cpu: total('cpu'), memory: total('memory')};
const number = (value, most, least = 0) => value.toLocaleString('en', {maximumFractionDigits: most, minimumFractionDigits: least});
const share = (part, all) => number(100 * part / all, part && part < all / 100 ? 2 : 0) + '\u00a0%';
const plural = (count, word) => number(count) + ' ' + word + (count === 1 ? '' : 's');

const columns = [
  {key: 'image', label: 'Image', value: row => row.image},
  ...platforms.map((platform, column) => (
    {key: platform, label: platform, value: row => row.cells[column].verdict, fill: (cell, row) => cell.append(badge(row.cells[column].verdict))})),
  {key: 'namespaces', label: 'Namespaces', value: row => row.uses.length, kind: 'names',
    fill: (cell, row) => { cell.textContent = listing(row.uses.map(use => use.namespace), 2); }},
  {key: 'workloads', label: 'Workloads', kind: 'number',
    value: row => (state.namespace ? sum(row, 'count') : row.total), show: value => number(value)},
  {key: 'cpu', label: 'CPU, cores', kind: 'number', value: row => sum(row, 'cpu'), show: value => number(value / 1000, 2, 2)},
  {key: 'memory', label: 'Memory, GiB', kind: 'number', value: row => sum(row, 'memory'), show: value => number(value / 2 ** 30, 2, 2)},
].filter(column => !(column.key in totals) || knows(column.key));
if (!platforms.length) {
  columns.splice(1, 0, {key: 'verdict', label: 'Verdict', value: row => row.verdict, fill: (cell, row) => cell.append(badge(row.verdict))});
}

/** The columns without those of the platforms that are not chosen. */
const visible = () => columns.filter(column => !state.platform || column.key === state.platform || !platforms.includes(column.key));

function listing(names, most) {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? shown + ' and ' + number(names.length - most) + ' more' : shown;
}

// the address

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of [...FILTERS, 'sort']) {
    state[name] = given.get(name) || '';
  }
  state.open = new Set(given.getAll('image'));
  state.page = Math.max(1, parseInt(given.get('page'), 10) || 1);
  if (!VERDICTS.includes(state.verdict)) {
    state.verdict = '';
  }
  if (!platforms.includes(state.platform)) {
    state.platform = '';
  }
  if (!namespaces.has(state.namespace)) {
    state.namespace = '';
  }
  if (!columns.some(column => column.key === state.sort.replace(/^-/, ''))) {
    state.sort = '';
  }
}

function address() {
  const given = new URLSearchParams();
  [...FILTERS, 'sort'].filter(name => state[name]).forEach(name => given.set(name, state[name]));
  if (state.page > 1) {
    given.set('page', state.page);
  }
  [...state.open].slice(-OPEN_IN_ADDRESS).forEach(key => given.append('image', key));
  return '#' + given;
}

// the rows that are shown

function haystack(row) {
  if (row.haystack === undefined) {
    row.haystack = [row.image, row.digest, row.reason, row.message, row.fix, ...row.notes, ...row.cells.map(cell => cell.reason + ' ' + cell.message),
      ...row.uses.map(use => use.namespace), ...row.workloads].join('\n').toLowerCase();
  }
  return row.haystack;
}

function matching() {
  const words = state.q.toLowerCase().split(/\s+/).filter(word => word);
  const column = platforms.indexOf(state.platform);
  const verdict = VERDICTS.indexOf(state.verdict);
  const found = rows.filter(row =>
    (!state.namespace || row.uses.some(use => use.namespace === state.namespace))
    && (verdict < 0 || (column < 0 ? row.verdict : row.cells[column].verdict) === verdict)
    && words.every(word => haystack(row).includes(word)));
  const name = state.sort.replace(/^-/, '');
  const by = columns.find(one => one.key === name);
  if (by) {
    const values = new Map(found.map(row => [row, by.value(row)]));
    const sign = state.sort.startsWith('-') ? -1 : 1;
    const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
    found.sort((one, other) => sign * compare(values.get(one), values.get(other)) || one.index - other.index);
  }
  return found;
}
