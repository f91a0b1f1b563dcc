'use strict';
// The traces that core/figures draws. scattergl is the "strict" one, which compiles nothing while it runs.
const Plotly = require('./node_modules/plotly.js/lib/core');
Plotly.register([
  require('./node_modules/plotly.js/lib/bar'),
  require('./node_modules/plotly.js/lib/box'),
  require('./node_modules/plotly.js/lib/heatmap'),
  require('./node_modules/plotly.js/lib/contour'),
  require('./node_modules/plotly.js/src/traces/scattergl/strict'),
]);
module.exports = Plotly;
