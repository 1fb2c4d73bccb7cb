import classes from './lists.module.css';

/** The colour of a list; without one, an empty circle. */
export function ListDot({ color }: { readonly color: string | null }) {
  return (
    <span
      className={classes['dot']}
      aria-hidden="true"
      style={color === null ? undefined : { borderColor: color, background: color }}
    />
  );
}
