import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuthError, type Failure, failureOf, type FieldName } from './failure';

type Sent = Promise<{ readonly error: AuthError | null }>;

const errorOf = (sent: Sent): Promise<AuthError | null> =>
  sent.then(
    ({ error }) => error,
    // No response.
    () => ({ status: 0 }),
  );

/**
 * Sends a form once at a time, and keeps what the server found wrong until the next attempt.
 *
 * @param check rules that are known here; nothing is sent while one is broken
 */
export function useSubmit(check: () => Failure | undefined, send: () => Sent) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<Failure>();
  const [isPending, setPending] = useState(false);

  // A refused field gets the focus: screen readers then read its error.
  const form = useRef<HTMLFormElement>(null);
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[data-error] input')?.focus();
  }, [refusals]);

  const refuse = (reason: Failure) => {
    setFailure(reason);
    setRefusals((count) => count + 1);
  };

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    form.current = event.currentTarget;
    if (isPending) return;
    const broken = check();
    if (broken) {
      refuse(broken);
      return;
    }
    setFailure(undefined);
    setPending(true);
    // Not a transition: it would end together with others, such as that of a form which waits for
    // this sign-in.
    void errorOf(send()).then((error) => {
      setPending(false);
      if (error !== null) refuse(failureOf(error));
    });
  };

  /** Returns the error of a field, and what takes it back once the user changes the field. */
  const field = (name: FieldName) => {
    const key = failure?.fields?.[name];
    const onInput = () => {
      setFailure({ fields: { ...failure?.fields, [name]: undefined } });
    };
    return { error: key && t(`auth.failures.${key}`), onInput };
  };
  const formError = failure?.form && t(`auth.failures.${failure.form}`);
  return { submit, isPending, field, formError };
}
