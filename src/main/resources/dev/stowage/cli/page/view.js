// What the page draws, and what its user does. Names and messages come from registries and tenants: they get into the page as text
// nodes and attributes, never as markup.

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...content);
  return made;
}

const badge = verdict => element('span', {class: 'verdict ' + VERDICTS[verdict]}, WORDS[verdict]);

/** The reason in the line of an image: that of the chosen platform, or of all together. */
function why(row) {
  const cell = row.cells[platforms.indexOf(state.platform)] || row;
  return cell.verdict >= RUNS ? '' : cell.message || row.message;
}

function drawRow(row) {
  const open = state.open.has(row.key);
  const button = element('button', {type: 'button', class: 'image', 'aria-expanded': open}, element('span', {}, row.image));
  button.dataset.row = row.index;
  const head = element('th', {scope: 'row', role: 'rowheader'}, button);
  const message = why(row);
  if (message) {
    head.append(element('span', {class: 'why'}, message));
  }
  const line = element('tr', {role: 'row', class: open ? 'open' : ''}, head);
  visible().slice(1).forEach(column => {
    const cell = element('td', {role: 'cell', 'data-label': column.label, class: column.kind || ''});
    if (column.fill) {
      column.fill(cell, row);
    } else {
      cell.textContent = column.show(column.value(row));
    }
    line.append(cell);
  });
  if (!open) {
    return [line];
  }
  const id = 'detail-' + row.index;
  button.setAttribute('aria-controls', id);
  return [line, element('tr', {role: 'row', class: 'detail', id}, element('td', {role: 'cell', colspan: visible().length}, details(row)))];
}

function details(row) {
  const list = element('dl', {});
  const add = (term, ...lines) => list.append(element('dt', {}, term),
    element('dd', {}, ...lines.map(line => element('p', {}, line))));
  const withWord = (reason, message) => [reason, message].filter(part => part).join(': ');
  const reason = withWord(row.reason, row.message);
  if (reason) {
    add('Reason', reason);
  }
  row.cells.forEach((cell, column) => {
    const why = withWord(cell.reason, cell.message);
    if (why && why !== reason && cell.message) {
      add(platforms[column], why);
    }
  });
  if (row.fix) {
    add('Fix', element('code', {}, row.fix));
  }
  if (row.notes.length) {
    add('Notes', ...row.notes);
  }
  if (row.workloads.length) {
    add('Used by', ...row.workloads, ...(row.total > row.workloads.length ? ['and ' + number(row.total - row.workloads.length) + ' more'] : []));
  } else if (row.uses.length) {
    add('Namespaces', listing(row.uses.map(use => use.namespace), 50));
  }
  if (row.digest) {
    add('Digest', element('code', {}, row.digest));
  }
  add('Share', element('a', {href: '#' + new URLSearchParams({image: row.key})}, 'Link to this image'));
  return list;
}

const head = byId('matrix').tHead;
const body = byId('matrix').tBodies[0];
let shown = [];

let headOf;

function drawHead() {
  const line = element('tr', {role: 'row'});
  const options = [element('option', {value: ''}, 'As reported')];
  visible().forEach(column => {
    const button = element('button', {type: 'button'}, column.label);
    button.dataset.sort = column.key;
    line.append(element('th', {scope: 'col', role: 'columnheader', class: column.kind || ''}, button));
    for (const [sign, words] of [['', column.kind === 'number' ? ', least first' : ''], ['-', column.kind === 'number' ? ', most first' : ', reversed']]) {
      options.push(element('option', {value: sign + column.key}, column.label + words));
    }
  });
  byId('sort').replaceChildren(...options);
  head.replaceChildren(line);
  byId('results').classList.toggle('wide', visible().length > COLUMNS_IN_VIEW);
  headOf = state.platform;
}

function markSorted() {
  const name = state.sort.replace(/^-/, '');
  [...head.rows[0].cells].forEach((cell, index) => {
    if (visible()[index].key === name) {
      cell.setAttribute('aria-sort', state.sort.startsWith('-') ? 'descending' : 'ascending');
    } else {
      cell.removeAttribute('aria-sort');
    }
  });
}

function drawRows(from, to) {
  const lines = shown.slice(from, to).flatMap(drawRow);
  body.replaceChildren(...(lines.length ? lines : [element('tr', {role: 'row', class: 'empty'},
    element('td', {role: 'cell', colspan: visible().length}, rows.length ? 'No image matches the filter.' : 'There are no images.'))]));
}

function drawCount() {
  const parts = ['cpu', 'memory'].filter(field => totals[field] > 0 && shown.length < rows.length).map(field =>
    share(shown.reduce((all, row) => all + sum(row, field), 0), totals[field]) + ' of requested ' + (field === 'cpu' ? 'CPU' : 'memory'));
  const namespaces = state.namespace ? 0 : new Set(shown.flatMap(row => row.uses.map(use => use.namespace))).size;
  byId('count').replaceChildren(
    shown.length === rows.length ? plural(rows.length, 'image') : number(shown.length) + ' of ' + plural(rows.length, 'image'),
    element('span', {}, [...parts, ...(namespaces ? ['in ' + plural(namespaces, 'namespace')] : [])].map(part => ' \u00b7 ' + part).join('')));
}

function draw() {
  shown = matching();
  const pages = Math.max(1, Math.ceil(shown.length / ROWS_OF_A_PAGE));
  state.page = Math.min(state.page, pages);
  const from = (state.page - 1) * ROWS_OF_A_PAGE;
  if (headOf !== state.platform) {
    drawHead();
  }
  drawRows(from, from + ROWS_OF_A_PAGE);
  drawCount();
  markSorted();
  byId('pager').hidden = pages === 1;
  byId('page').textContent = 'Page ' + number(state.page) + ' of ' + number(pages);
  byId('previous').disabled = state.page === 1;
  byId('next').disabled = state.page === pages;
  byId('reset').disabled = !FILTERS.some(name => state[name]);
  for (const name of [...FILTERS, 'sort']) {
    if (byId(name).value !== state[name]) {
      byId(name).value = state[name];
    }
  }
}

/** Changes what is shown, keeps the focus on what has it, and writes the address. */
function change(changes) {
  const active = document.activeElement;
  const row = active && active.dataset ? active.dataset.row : undefined;
  Object.assign(state, {page: 1}, changes);
  draw();
  history.replaceState(null, '', address());
  if (row !== undefined) {
    focusRow(row);
  }
}

function focusRow(index) {
  const button = body.querySelector('button[data-row="' + index + '"]');
  if (button) {
    button.focus();
  }
  return button;
}

/** Follows the address: a link to an image shows the page that it is on, even if the filter would leave it out. */
function follow() {
  readAddress();
  const row = state.open.size ? rows.find(one => state.open.has(one.key)) : undefined;
  if (row) {
    let position = matching().indexOf(row);
    if (position < 0) {
      Object.assign(state, NO_FILTER);
      position = matching().indexOf(row);
    }
    state.page = Math.floor(position / ROWS_OF_A_PAGE) + 1;
  }
  draw();
  if (row) {
    focusRow(row.index).scrollIntoView({block: 'center'});
  } else if (location.hash) {
    byId('app').scrollIntoView();
  }
}

function turnTo(page) {
  change({page});
  byId('results').focus({preventScroll: true});
  byId('app').scrollIntoView();
}

// input

const form = byId('filter');
form.addEventListener('submit', event => event.preventDefault());
byId('q').addEventListener('input', event => change({q: event.target.value}));
form.querySelectorAll('select').forEach(one => one.addEventListener('change', () => change({[one.name]: one.value})));
form.addEventListener('reset', event => {
  event.preventDefault();
  change(NO_FILTER);
  byId('q').focus();
});
byId('previous').addEventListener('click', () => turnTo(state.page - 1));
byId('next').addEventListener('click', () => turnTo(state.page + 1));
head.addEventListener('click', event => {
  const key = event.target.dataset.sort;
  if (key) {
    // numbers: most first
    const first = columns.find(column => column.key === key).kind === 'number' ? '-' : '';
    const second = first ? '' : '-';
    change({sort: state.sort === first + key ? second + key : state.sort === second + key ? '' : first + key});
  }
});
body.addEventListener('click', event => {
  const button = event.target.closest('button[data-row]');
  if (button) {
    const key = rows[button.dataset.row].key;
    if (!state.open.delete(key)) {
      state.open.add(key);
    }
    change({page: state.page});
  }
});
body.addEventListener('keydown', event => {
  const buttons = [...body.querySelectorAll('button[data-row]')];
  const at = buttons.indexOf(event.target);
  const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1}[event.key];
  if (at >= 0 && to !== undefined && buttons[to]) {
    event.preventDefault();
    buttons[to].focus();
  }
});
document.querySelectorAll('.skip a').forEach(link => link.addEventListener('click', event => {
  event.preventDefault();
  byId(link.hash.slice(1)).focus();
}));
window.addEventListener('hashchange', follow);

// all that the filter lets through goes on paper, within reason
window.addEventListener('beforeprint', () => {
  drawRows(0, ROWS_IN_PRINT);
  byId('cut').textContent = shown.length > ROWS_IN_PRINT
    ? 'The first ' + number(ROWS_IN_PRINT) + ' of ' + plural(shown.length, 'image') + '.' : '';
});
window.addEventListener('afterprint', () => {
  byId('cut').textContent = '';
  draw();
});

byId('namespace').append(...[...namespaces].sort().map(name => element('option', {value: name}, name)));
byId('platform').append(...platforms.map(name => element('option', {value: name}, name)));
const occurs = verdict => verdict <= RUNS || rows.some(row => row.cells.some(cell => cell.verdict === verdict));
byId('verdict').append(...VERDICTS.map((name, index) => element('option', {value: name}, WORDS[index])).filter((option, index) => occurs(index)));
document.documentElement.classList.add('scripts');
byId('app').hidden = false;
follow();
