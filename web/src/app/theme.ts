import { createTheme, Drawer, Modal } from '@mantine/core';

/** Colours and sizes are CSS variables, set in styles.css. */
export const theme = createTheme({
  primaryColor: 'blue',
  respectReducedMotion: true,
  components: {
    // The lock is a style element that the policy blocks; styles.css locks instead.
    Modal: Modal.extend({ defaultProps: { lockScroll: false } }),
    Drawer: Drawer.extend({ defaultProps: { lockScroll: false } }),
  },
});
