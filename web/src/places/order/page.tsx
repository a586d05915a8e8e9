// Order entry with the decision in sight. What is typed is kept until it is placed or thrown away.

import { useEffect, useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { Problem } from '../../api/problem';
import { account_get, order_place, type OrderReply } from '../../api/types';
import { CustomsWithin } from '../../custom/input';
import { findAccount } from '../../find/refs';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Form, useForm, type FormState } from '../../kit/form';
import { caps, useKeys } from '../../kit/keys';
import { useLoaded } from '../../kit/load';
import { Lookup } from '../../kit/lookup';
import { Page } from '../../kit/page';
import type { At } from '../../shell/place';
import { moneyIn } from '../../words/format';
import { isBlank, LINE_EMPTY, lineField, linesBegun, ORDER_EMPTY, orderIn, type OrderDraft } from './draft';
import { Judgement, wouldOf } from './judgement';
import { Lines } from './lines';
import { PlacedOrder, type Placed } from './placed';
import type { ORDER_PATH } from './place';
import { usePreview, type Preview } from './preview';
import { refusalText } from '../../words/refusal';
import { joined, splitOf } from './split';
import { t } from './words';

function useAccount(code: string) {
  const loaded = useLoaded(`order account ${code}`, async () => (code ? await call(account_get, { account: code }).catch(() => null) : null));
  return loaded.data;
}

/** A refusal of a line stands at the line, whichever of the two answers names it. */
function errorsOf(form: FormState<OrderDraft>, preview: Preview) {
  const sent = linesBegun(form.value).map(({ at }) => at);
  const from = (problem: Problem | null, at: readonly number[], line: number, name: string) => {
    for (const [field, text] of problem?.fields ?? []) {
      const found = lineField(field, at);
      if (found?.line === line && found.name === name) return refusalText(text, problem?.code);
    }
    return undefined;
  };
  return (line: number, name: string) => from(form.problem, sent, line, name) ?? from(preview.problem, preview.at, line, name);
}

/** From the account to the first product, as Enter goes on in the lines. */
function productFocus(): void {
  document.querySelector<HTMLElement>('.order-line-product input')?.focus();
}

function onward(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || event.isComposing || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  productFocus();
}

/** What an order needs is in sight, the rest of what it may have is beneath. */
function Head({ form }: { form: FormState<OrderDraft> }) {
  const { value, change, set, error } = form;
  const hasMore = Object.values(value.fields).some(Boolean);
  const customs = { record: 'order', draft: value.fields, onChange: set('fields'), error } as const;
  return (
    <>
      <div onKeyDown={onward}>
        <Lookup label={t('order.account')} required value={value.account} shown={value.account_name || value.account} find={findAccount} error={error('account')}
          onPicked={productFocus} focus={!value.account} hint={value.account_name ? value.account : t('order.account.hint')}
          onChoose={(account, choice) => change({ account, account_name: choice?.label ?? '' })} />
      </div>
      <CustomsWithin {...customs} needed />
      <details class="order-more" open={Boolean(value.wanted_on || value.number || hasMore)}>
        <summary>{t('order.more')}</summary>
        <div class="form-row">
          <Field type="date" label={t('order.wanted_on')} value={value.wanted_on} onInput={set('wanted_on')} error={error('wanted_on')} />
          <Field label={t('order.number')} hint={t('order.number.hint')} value={value.number} onInput={set('number')} error={error('number')} />
        </div>
        <CustomsWithin {...customs} needed={false} />
      </details>
    </>
  );
}

/** What waits for the order after this one, and can be had back. */
function Rest({ of: { value, change } }: { of: FormState<OrderDraft> }) {
  const back = () => change({ lines: joined(value), rest: [] });
  return (
    <div class="order-rest row spread" role="status">
      <span>{t('order.rest', { lines: value.rest.map((line) => `${line.quantity} × ${line.name || line.product}`).join(t('app.comma')) })}</span>
      <Button kind="quiet" onClick={back}>{t('order.rest.back')}</Button>
    </div>
  );
}

interface EntryProps {
  form: FormState<OrderDraft>;
  preview: Preview;
  currency: string | null;
}

function Entry({ form, preview, currency }: EntryProps) {
  const { value } = form;
  const lineError = errorsOf(form, preview);
  const out = preview.out;
  const split = (most: string) => {
    const parts = out?.total && !preview.isOld ? splitOf(value, most, out.total) : null;
    return parts && (() => form.change({ lines: parts.now, rest: [...value.rest, ...parts.rest] }));
  };
  return (
    <div class="order">
      <div class="card">
        <Form of={form} submit={t('order.place')} class="order-form"
          aside={(
            <>
              {value.account && !value.lines.every(isBlank) && <Button kind="quiet" onClick={form.discard}>{t('order.clear')}</Button>}
              <span class={`order-now order-now-${wouldOf(out)}`}>{out ? <>{moneyIn(out.total, currency)} · {t(`order.would.${wouldOf(out)}`)}</> : null}</span>
            </>
          )}>
          <Head form={form} />
          {value.rest.length > 0 && <Rest of={form} />}
          <Lines lines={value.lines} onChange={form.set('lines')} error={lineError} currency={currency} />
          <p class="field-hint order-tip">{t('order.key.tip', { place: caps('mod+Enter').join(' ') })}</p>
        </Form>
      </div>
      <Judgement preview={preview} account={value.account} currency={currency} onSplit={split} />
    </div>
  );
}

function useOrderForm(onPlaced: (reply: OrderReply, draft: OrderDraft) => void) {
  return useForm<OrderDraft, { reply: OrderReply; draft: OrderDraft }>({
    draft: 'order', empty: ORDER_EMPTY,
    send: async (draft, key) => ({ reply: await call(order_place, orderIn(draft), { key }), draft }),
    onDone: ({ reply, draft }) => onPlaced(reply, draft),
  });
}

export default function OrderPage({ account }: At<typeof ORDER_PATH>) {
  const [placed, setPlaced] = useState<Placed | null>(null);
  const form = useOrderForm((reply, draft) => {
    // What was split off is the next one from now on, and outlives a reload.
    if (draft.rest.length) form.change({ ...ORDER_EMPTY, account: draft.account, account_name: draft.account_name, lines: draft.rest });
    setPlaced({ reply, account: draft.account, currency, hasRest: draft.rest.length > 0 });
  });
  const { value, change } = form;
  // An address that names an account begins an order of it; what was typed for another stays until then.
  useEffect(() => {
    if (account && account !== value.account) change({ account, account_name: '' });
  }, [account]);
  const chosen = useAccount(value.account);
  const currency = chosen?.currency ?? null;
  useEffect(() => {
    if (chosen?.partner_name && !value.account_name) change({ account_name: chosen.partner_name });
  }, [chosen]);
  const preview = usePreview(value);
  useKeys(t('order.keys'), [
    { keys: ['mod+Enter'], does: t('order.key.place'), run: form.submit },
    { keys: ['+'], does: t('order.key.line'), run: () => change({ lines: [...value.lines, LINE_EMPTY] }) },
  ]);
  return (
    <Page title={t('order.title')} intro={t('order.intro')}>
      {placed ? <PlacedOrder placed={placed} onAgain={() => setPlaced(null)} /> : <Entry form={form} preview={preview} currency={currency} />}
    </Page>
  );
}
