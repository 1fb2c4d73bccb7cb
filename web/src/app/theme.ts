import { createTheme, defaultVariantColorsResolver } from '@mantine/core';

/** Colours and sizes are CSS variables, set in tokens.css. */
export const theme = createTheme({
  respectReducedMotion: true,
  focusRing: 'never',
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    if (input.variant === 'filled') {
      return {
        ...colors,
        background: 'var(--accent-filled)',
        hover: 'var(--accent-filled-hover)',
        color: 'var(--on-accent)',
      };
    }
    if (input.variant === 'subtle') {
      return { ...colors, color: 'var(--accent)', hover: 'var(--hover)' };
    }
    return colors;
  },
  // By name: importing a component here would make it part of what every page loads.
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Checkbox: { defaultProps: { color: 'var(--accent-filled)', iconColor: 'var(--on-accent)' } },
    // The lock is a style element that the policy blocks; styles.css locks instead.
    Modal: { defaultProps: { lockScroll: false } },
    Drawer: { defaultProps: { lockScroll: false } },
  },
});
