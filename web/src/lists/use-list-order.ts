import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type List, moveTo } from './list';
import { useListFailure } from './list-failure';
import { useListActions } from './use-list-actions';

/** The order of the lists, and what was said about it last. */
export interface ListOrder {
  readonly announcement: string;
  readonly failure: string | undefined;
  readonly move: (list: List, index: number) => void;
}

/** Moves lists, and says where they are then: for those who do not see it. */
export function useListOrder(lists: readonly List[]): ListOrder {
  const { t } = useTranslation();
  const actions = useListActions();
  const failureOf = useListFailure();
  const [announcement, announce] = useState('');
  const [failure, setFailure] = useState<string>();
  const move = async (list: List, index: number) => {
    const to = moveTo(lists, list.id, index);
    if (to === undefined) return;
    setFailure(undefined);
    const { name } = list;
    announce(t('lists.order.moved', { name, place: index + 1, total: lists.length }));
    try {
      await actions.move(list.id, to);
    } catch (error) {
      announce('');
      setFailure(t('lists.order.failed', { name, detail: failureOf(error).whole ?? '' }));
    }
  };
  return { announcement, failure, move: (list: List, index: number) => void move(list, index) };
}
