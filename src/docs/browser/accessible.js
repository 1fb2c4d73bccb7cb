/**
 * Makes Swagger UI usable by keyboard and screen reader: no link within a button, a label for the body
 * field, and long bodies that the arrow keys scroll. The server is always the origin of the page, so there is none to choose.
 */
export const makeAccessible = ({ React }) => ({
  wrapComponents: {
    ServersContainer: () => () => null,
    DeepLink:
      () =>
      ({ text }) =>
        React.createElement('span', null, text),
    HighlightCode: (HighlightCode) => (props) =>
      React.createElement(
        'div',
        { className: 'scrolled', tabIndex: 0, role: 'region', 'aria-label': 'Body' },
        React.createElement(HighlightCode, props),
      ),
    TextArea: (TextArea) => (props) =>
      React.createElement(TextArea, { 'aria-label': 'Body', ...props }),
  },
});
