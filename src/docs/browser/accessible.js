/**
 * Makes Swagger UI usable by keyboard and screen reader: no link within a button, and a label for
 * the body field. The server is always the origin of the page, so there is none to choose.
 */
export const makeAccessible = ({ React }) => ({
  wrapComponents: {
    ServersContainer: () => () => null,
    DeepLink:
      () =>
      ({ text }) =>
        React.createElement('span', null, text),
    TextArea: (TextArea) => (props) =>
      React.createElement(TextArea, { 'aria-label': 'Body', ...props }),
  },
});
