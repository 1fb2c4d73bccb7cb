import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PasswordField } from '../ui/password-field';
import { checkPassword, PASSWORD_RULES, type Person, type RuleStates } from './rules';
import classes from './form.module.css';

interface Estimator {
  readonly commonPasswords: ReadonlySet<string>;
  readonly strengthOf: (password: string, personal: readonly string[]) => number;
}

/** Loads the common passwords and the estimator: most of what a sign-up needs, in bytes. */
function useEstimator(): Estimator | undefined {
  const [estimator, setEstimator] = useState<Estimator>();
  useEffect(() => {
    let isShown = true;
    void import('./password-strength').then(
      ({ commonPasswords, strengthOf }) => {
        if (isShown) setEstimator({ commonPasswords, strengthOf });
      },
      // Without a network the server has the last word.
      () => undefined,
    );
    return () => {
      isShown = false;
    };
  }, []);
  return estimator;
}

/** Returns a new password with the state of its rules, as the user types. */
export function useNewPassword(person: Person) {
  const estimator = useEstimator();
  const [value, setValue] = useState('');
  const states = checkPassword(value, person, estimator?.commonPasswords);
  const isBroken = Object.values(states).includes(false);
  const strength =
    value === '' || !estimator
      ? undefined
      : isBroken
        ? 0
        : estimator.strengthOf(value, [person.email, person.name, 'taskward']);
  return { value, setValue, states, strength };
}

const LEVELS = [1, 2, 3, 4] as const;

function Strength({ value }: { readonly value: number | undefined }) {
  const { t } = useTranslation();
  const level = Math.min(4, Math.max(0, value ?? 0)) as 0 | 1 | 2 | 3 | 4;
  return (
    <div>
      <div className={classes['strength']} data-weak={level < 2} aria-hidden="true">
        {LEVELS.map((bar) => (
          <span
            key={bar}
            className={classes['bar']}
            data-filled={value !== undefined && bar <= Math.max(level, 1)}
          />
        ))}
      </div>
      <p className={classes['level']} role="status" aria-label={t('auth.strength.label')}>
        {value === undefined ? '' : t(`auth.strength.level${level}`)}
      </p>
    </div>
  );
}

function Rules({ states }: { readonly states: RuleStates }) {
  const { t } = useTranslation();
  return (
    <ul className={classes['rules']} aria-label={t('auth.rules.label')}>
      {PASSWORD_RULES.map((rule) => {
        const isMet = states[rule];
        const state = isMet === undefined ? 'open' : isMet ? 'met' : 'broken';
        return (
          <li key={rule} className={classes['rule']} data-state={state}>
            <span>
              {t(`auth.rules.${rule}`)}
              {state !== 'open' && (
                <span className="visually-hidden">{`: ${t(`auth.rules.${state}`)}`}</span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

interface NewPasswordFieldProps {
  readonly label: string;
  readonly password: ReturnType<typeof useNewPassword>;
  readonly error: string | undefined;
  readonly onInput: () => void;
}

/** A field for a new password, with its rules and how hard it is to guess. */
export function NewPasswordField({ label, password, error, onInput }: NewPasswordFieldProps) {
  return (
    <div>
      <PasswordField
        label={label}
        autoComplete="new-password"
        value={password.value}
        onChange={(event) => password.setValue(event.currentTarget.value)}
        error={error}
        onInput={onInput}
      />
      <Strength value={password.strength} />
      <Rules states={password.states} />
    </div>
  );
}
