/**
 * Makes Swagger UI usable by keyboard and screen reader: no link within a button, a name for the field
 * of a body. The server is always the one of the page, so that there is none to choose.
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
