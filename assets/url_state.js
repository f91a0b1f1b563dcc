// The URL is the state. Back, Forward and links within a page go to the page's own callback (view-in), not to Dash's
// router: so this must listen before Dash does (assets run before its renderer starts).
(() => {
  let {pathname: path, search} = location;
  const onMove = e => {
    const samePage = location.pathname === path && document.querySelector('[data-view]');
    const sameView = samePage && location.search === search;    // a fragment, such as the skip link
    ({pathname: path, search} = location);
    if (!samePage) return;
    e.stopImmediatePropagation();
    if (!sameView) dash_clientside.set_props('view-in', {data: search + '#' + performance.now()}); // always a new value
  };
  addEventListener('popstate', onMove);
  addEventListener('_dashprivate_pushstate', onMove);           // dcc.Link, NavLink; private: a browser test guards it
  window.dash_clientside = Object.assign({}, window.dash_clientside, {view: {push: query => {
    if (query != null && query !== location.search) {
      history.pushState({}, '', location.pathname + query);
      search = location.search;
    }
    return dash_clientside.no_update;
  }}});
})();
