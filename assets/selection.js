// What a click on a mark that counts customers, or a box or lasso over a chart, offers: a small bar with "Open these 412
// · Show only these · Make segments of these". Nothing happens before a choice; each is an address, so Back undoes it.
// [data-marks] of a chart's wrapper: [key, conditions, customers, the number as text, who they are]; the key is a point's
// customdata, where it has none its trace's legendgroup. [data-axes]: the column of each axis, where a box or lasso is a
// condition on it; before it `log.` where the axis is logarithmic. A click on a point asks who stands just there.
(() => {
  const CORNERS = 28, DIGITS = 4;
  const WHOLE = ['/', '/clustering', '/compare'];             // pages on which “Show only” hides nobody
  const read = (chart, name) => JSON.parse(chart.closest(`[data-${name}]`)?.dataset[name] ?? 'null');
  const wordOf = (chart, name, usual) =>                       // another where the file has a column of that name
    chart.closest('[data-marks], [data-axes]').dataset[`word${name}`] ?? usual;
  const keyOf = point => {
    const found = point.customdata ?? point.data.legendgroup;
    return String(Array.isArray(found) ? found[0] : found);
  };

  // Addresses: the present one, with further conditions.
  const written = query => {
    const said = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
    return said ? `?${said}` : '';
  };
  const showing = conditions => {
    const query = new URLSearchParams(location.search);
    conditions.filter(one => !query.getAll('show').includes(one)).forEach(one => query.append('show', one));
    return query;
  };
  const OF_FIT = /^((segment|moved)__[1-9]:|within(__)?:in:map\.)/;  // other models, the map
  const making = (conditions, word) => {                      // null: a condition that only these segments can meet
    const query = showing(conditions), label = query.get('label');
    const moved = [...query.getAll('show'), ...label && label !== 'all' ? [`${label}:eq:1`] : []];
    if (moved.some(one => one.startsWith(`${word}:`) || OF_FIT.test(one))) return null;
    ['show', 'label'].forEach(name => query.delete(name));
    moved.filter(one => !query.getAll('where').includes(one)).forEach(one => query.append('where', one));
    return query;
  };
  const pageOf = (conditions, word) => {                      // of the one segment that a mark is about
    const number = conditions.length === 1 && conditions[0].startsWith(`${word}:eq:`) && conditions[0].split(':')[2];
    return number && `/profiles/${number === '0' ? 'none' : number}${location.search}`;
  };

  // The bar.
  const bar = document.createElement('div');
  bar.className = 'atlas-selection';
  bar.hidden = true;
  bar.setAttribute('role', 'dialog');
  let chart = null, before = null;
  const piece = (name, text, more = {}) => Object.assign(document.createElement(name), {textContent: text, ...more});
  const link = (text, href) => {
    const found = piece('a', text, {href, className: 'btn btn-sm btn-outline-secondary'});
    found.dataset.go = '';
    return found;
  };
  const close = focus => {
    if (bar.hidden) return;
    bar.hidden = true;
    if (chart?.isConnected && chart.layout?.selections?.length) Plotly.relayout(chart, {selections: []});
    if (focus) before?.focus?.();
    chart = before = null;
  };
  const fill = ({conditions, count, text, said, one}) => {
    const word = wordOf(chart, 'Segments', 'segment'), make = making(conditions, word), page = pageOf(conditions, word);
    const these = count === 1 ? 'this one' : `these ${text ?? ''}`.trim();
    const head = count == null ? 'Counting …' : `${text} ${count === 1 ? 'customer' : 'customers'} ${said}`;
    const items = [piece('strong', head, {id: 'selection-who'})];
    if (count !== 0) {
      if (location.pathname !== '/customers') items.push(link(`Open ${these}`, '/customers' + written(showing(conditions))));
      if (one) items.push(link('Open this customer', `/customers/${one}${location.search}`));
      if (page) items.push(link('The segment’s page', page));
      if (!WHOLE.includes(location.pathname)) items.push(link('Show only these', location.pathname + written(showing(conditions))));
      items.push(make ? link('Make segments of these', '/clustering' + written(make))
        : piece('span', conditions.some(found => OF_FIT.test(found)) ? 'The map goes with these segments: new ones can’t be made of a place on it.'
          : 'A segment can’t be divided: new segments replace it.', {className: 'atlas-hint'}));
    }
    const shut = piece('button', '', {type: 'button', className: 'atlas-icon-button', title: 'Close'});
    shut.append(piece('i', '', {className: 'bi bi-x'}));
    shut.setAttribute('aria-label', 'Close');
    shut.addEventListener('click', () => close(true));
    bar.replaceChildren(...items, shut);
    bar.setAttribute('aria-labelledby', 'selection-who');
  };
  const place = event => {
    const box = chart.getBoundingClientRect(), x = event?.clientX ?? box.x + box.width / 2;
    const y = event?.clientY ?? box.y + box.height / 2;
    const wide = bar.offsetWidth, most = document.documentElement.clientWidth - wide - 8;
    bar.style.left = `${scrollX + Math.max(8, Math.min(x - wide / 2, most))}px`;
    bar.style.top = `${scrollY + y + 16}px`;
  };
  const offer = (on, found, event) => {
    close(false);
    [chart, before] = [on, document.activeElement];
    if (!bar.isConnected) document.body.append(bar);
    fill(found);
    bar.hidden = false;
    place(event);
    (bar.querySelector('a') ?? bar.querySelector('button')).focus({preventScroll: true});
    bar.scrollIntoView({block: 'nearest'});
  };

  // A click on a mark; on a point: those who stand just there, beside the mark that it belongs to.
  const clicked = on => async event => {
    const marks = read(on, 'marks') ?? [], axes = read(on, 'axes'), point = event.points?.[0];
    const mark = point && marks.find(one => one[0] === keyOf(point));
    const alone = point?.data.type === 'scattergl' && axes?.x && axes?.y;
    if (!mark && !alone) return;
    const [, conditions, count, text, said] = mark ?? [];
    const here = alone && around(on, axes, point), found = mark ? {conditions, count, text, said} : {conditions: here};
    offer(on, found, event.event);
    if (!alone) return;
    const asked = bar.firstChild, answer = await counted(here);
    if (bar.hidden || bar.firstChild !== asked) return;
    refill(mark ? {...found, one: answer.one} : {conditions: here, ...answer});
  };

  // A box or a lasso over axes that are columns. Plotly tells places on an axis of type "log" as values, not logarithms.
  const axis = (name, type, ends) => {
    const log = name.startsWith('log.'), told = ends.map(at => log && type === 'log' ? Math.log10(at) : at);
    const span = Math.abs(Math.max(...told) - Math.min(...told)) || 1, step = 10 ** (DIGITS - 1 - Math.floor(Math.log10(span)));
    const corner = at => Number((Math.round(at * step) / step).toPrecision(12));
    const value = at => log ? Number((type === 'log' ? at : 10 ** at).toPrecision(DIGITS)) : corner(at);
    return {name, span, told, column: name.replace(/^log\./, ''), value, corner};
  };
  const fewer = points => {                                   // leaves out the corners that change the outline least
    const kept = points.map(([x, y]) => [x, y]);
    const area = (a, b, c) => Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]));
    while (kept.length > CORNERS) {
      const loss = kept.map((one, at) => area(kept.at(at - 1), one, kept[(at + 1) % kept.length]));
      kept.splice(loss.indexOf(Math.min(...loss)), 1);
    }
    return kept;
  };
  const boxed = (axes, range, types) => Object.keys(axes).filter(name => range[name]).map(name => {
    const {column, value} = axis(axes[name], types[name], range[name]);
    return `${column}:between:${range[name].map(value).sort((a, b) => a - b).join(',')}`;
  });
  const around = (on, axes, point) => {                        // a point is sent in single precision
    if (axes.x.startsWith('map.')) {
      const [[left, right], [low, high]] = ['x', 'y'].map(name => near(point[name], on._fullLayout[`${name}axis`].range));
      return [area(axes, [left, right, right, left], [low, low, high, high], wordOf(on, 'Within', 'within'))];
    }
    return ['x', 'y'].map(name => `${axes[name].replace(/^log\./, '')}:between:${near(point[name], []).join(',')}`);
  };
  const near = (at, [low = 0, high = 0]) => {
    const room = Math.max(Math.abs(at), Math.abs(high - low)) * 2e-7 || 1e-9;
    return [at - room, at + room].map(value => Number(value.toPrecision(12)));
  };
  const area = (axes, x, y, word) => `${word}:in:${[axes.x, axes.y, ...x.flatMap((at, i) => [at, y[i]])].join(',')}`;
  const drawn = (axes, points, types, word) => {
    const across = axis(axes.x, types.x, points.x), up = axis(axes.y, types.y, points.y);
    const even = fewer(across.told.map((at, i) => [at / across.span, up.told[i] / up.span]));
    const corners = even.flatMap(([x, y]) => [across.corner(x * across.span), up.corner(y * up.span)]);
    return [`${word}:in:${[across.name, up.name, ...corners].join(',')}`];
  };
  const selected = on => async event => {
    const axes = read(on, 'axes');
    if (!axes || !(event?.range || event?.lassoPoints)) return;
    const lasso = event.lassoPoints && axes.x && axes.y;
    if (!lasso && !event.range) return;
    const types = {x: on._fullLayout.xaxis.type, y: on._fullLayout.yaxis.type};
    const corners = lasso ? event.lassoPoints : axes.x?.startsWith('map.') && cornered(event.range);
    const conditions = corners ? drawn(axes, corners, types, wordOf(on, 'Within', 'within'))
      : boxed(axes, event.range, types);
    offer(on, {conditions});
    const asked = bar.firstChild, answer = await counted(conditions);
    if (bar.hidden || bar.firstChild !== asked) return;       // another choice since
    refill({conditions, ...answer});
  };
  const cornered = ({x: [left, right], y: [low, high]}) => ({x: [left, right, right, left], y: [low, low, high, high]});
  const counted = async conditions => {
    const answer = await fetch('/api/count' + written(showing(conditions))), found = await answer.json();
    return answer.ok ? found : {count: 0, text: found.message, said: found.hint};
  };
  const refill = found => {
    const focused = [...bar.children].indexOf(document.activeElement);
    fill(found);
    if (focused >= 0) (bar.querySelectorAll('a')[focused - 1] ?? bar.querySelector('button')).focus({preventScroll: true});
  };

  document.addEventListener('pointerover', e => {
    const on = e.target.closest?.('[data-marks] .js-plotly-plot, [data-axes] .js-plotly-plot');
    if (!on?.on) return;
    for (const [name, make] of [['plotly_click', clicked], ['plotly_selected', selected]]) {
      const kept = on.atlasOffers ??= {};
      if (kept[name]) on.removeListener(name, kept[name]);    // once, whatever plotly forgot
      on.on(name, kept[name] = make(on));
    }
  });
  document.addEventListener('keydown', e => { if (e.key === 'Escape' && !bar.hidden) close(true); });
  document.addEventListener('pointerdown', e => {
    if (!bar.hidden && !bar.contains(e.target) && !e.target.closest?.('.js-plotly-plot')) close(false);
  });
  for (const name of ['popstate', '_dashprivate_pushstate']) addEventListener(name, () => close(false));
})();
