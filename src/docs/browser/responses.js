/**
 * Collapses the documented responses, which are several times longer than the rest of an operation.
 * The actual response stays open.
 */
export const foldResponses = ({ React }) => ({
  wrapComponents: {
    responses: (Responses) =>
      function FoldedResponses(props) {
        const { tryItOutResponse: response, getComponent, getConfigs, specSelectors } = props;
        const { path, method, displayRequestDuration, responses } = props;
        const live = { response, getComponent, getConfigs, specSelectors };
        const statuses = responses.keySeq().filter((status) => !status.startsWith('x-'));
        const LiveResponse = getComponent('liveResponse');
        return React.createElement(
          'div',
          { className: 'responses' },
          response &&
            React.createElement(
              'div',
              { className: 'responses-inner', 'aria-live': 'polite' },
              React.createElement(LiveResponse, { ...live, path, method, displayRequestDuration }),
            ),
          React.createElement(
            'details',
            { className: 'responses-fold' },
            React.createElement('summary', null, `Responses: ${statuses.join(', ')}`),
            React.createElement(Responses, { ...props, tryItOutResponse: null }),
          ),
        );
      },
  },
});
