/** The clock that purges go by. As a class it is its own injection token. */
export abstract class PurgeClock {
  /** Returns the time; undefined while it may have jumped, and nothing must be purged. */
  abstract trustedNow(): Promise<Date | undefined>;
}
