import { useEffect, useState } from 'react';
import type { Today } from './filter';
import { addDays, dayOf, instantOf, ownTimeZone } from './zone';

const MAX_WAIT_MS = 60 * 60 * 1000;

function now(): Today {
  const timeZone = ownTimeZone();
  return { day: dayOf(new Date(), timeZone), timeZone };
}

/** Returns the day where the person is; changes at midnight, and when a device wakes up on another day. */
export function useToday(): Today {
  const [today, setToday] = useState(now);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const check = () => {
      const fresh = now();
      const isSame = fresh.day === today.day && fresh.timeZone === today.timeZone;
      if (!isSame) setToday(fresh);
      else wait();
    };
    const midnight = Number(instantOf(addDays(today.day, 1), '00:00', today.timeZone));
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(check, Math.min(Math.max(midnight - Date.now(), 1000), MAX_WAIT_MS));
    };
    wait();
    document.addEventListener('visibilitychange', check);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', check);
    };
  }, [today]);
  return today;
}
