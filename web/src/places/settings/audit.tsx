// What was done, by whom and when, with what it was given and what it changed.

import { call } from '../../api/client';
import { audit_list, type AuditItem } from '../../api/types';
import { customLabel, customNamed, customText, useCustoms } from '../../custom/defs';
import { findAccount, findUser } from '../../find/refs';
import { Field } from '../../kit/field';
import { Load, More, usePages } from '../../kit/load';
import { Lookup } from '../../kit/lookup';
import { Empty } from '../../kit/notice';
import { Page } from '../../kit/page';
import { queryGet, querySet } from '../../shell/route';
import { fieldNamed, valueNamed } from '../../list/names';
import { day, moment } from '../../words/format';
import { lang } from '../../words/words';
import { OPERATIONS, operationText } from './operations';
import { t } from './words';

const ASKED = ['by', 'what', 'account', 'record', 'from', 'until'] as const;
type Asked = Partial<Record<(typeof ASKED)[number], string>>;

function asked(): Asked {
  return Object.fromEntries(ASKED.flatMap((name) => {
    const value = queryGet(name);
    return value ? [[name, value]] : [];
  }));
}

/** The operation tells of which record it was. */
function customOf(item: AuditItem, name: string) {
  return customNamed((item.what ?? '').split('_')[0] ?? '', name);
}

function labelOf(item: AuditItem, name: string): string {
  const custom = customOf(item, name);
  return custom ? customLabel(custom) : fieldNamed(name);
}

function ChangedTo({ item, field, value }: { item: AuditItem; field: string; value: string | null }) {
  const custom = customOf(item, field);
  return <>{(custom ? customText(custom, value) : value && valueNamed(field, value)) || t('app.none')}</>;
}

function Changes({ item }: { item: AuditItem }) {
  return (
    <table class="table audit-changes" aria-label={t('audit.changes')}>
      <thead><tr><th scope="col">{t('audit.field')}</th><th scope="col">{t('audit.before')}</th><th scope="col">{t('audit.after')}</th></tr></thead>
      <tbody>
        {item.changes.map((one, i) => (
          <tr key={i}>
            <td data-label={t('audit.field')} class="lead" title={one.field ?? ''}>{labelOf(item, one.field ?? '')}</td>
            <td data-label={t('audit.before')}><ChangedTo item={item} field={one.field ?? ''} value={one.before} /></td>
            <td data-label={t('audit.after')}><ChangedTo item={item} field={one.field ?? ''} value={one.after} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Nobody yet when the call was made, which says who it was by then. */
function signedIn(item: AuditItem): string | null {
  const input = item.input as { name?: unknown } | null;
  return item.what === 'session_create' && typeof input?.name === 'string' ? input.name : null;
}

function Entry({ item }: { item: AuditItem }) {
  return (
    <li class="audit-entry">
      <details>
        <summary>
          <span class="audit-when">{moment(item.at)}</span>
          <b>{item.by || signedIn(item) || t('app.none')}</b>
          <span title={item.what ?? ''}>{operationText(item.what ?? '')}</span>
          {item.account && <span class="faint">{item.account}</span>}
          {item.changes.length > 0 && <span class="faint">{t('audit.count', { n: item.changes.length })}</span>}
        </summary>
        <div class="audit-detail">
          <p class="faint">{t('audit.on', { day: day(item.on), id: item.id ?? '' })}</p>
          {item.changes.length > 0 && <Changes item={item} />}
          {/* In the order of the tab key, because it may have to be scrolled by it. */}
          <pre tabIndex={0} aria-label={t('audit.input')}>{JSON.stringify(item.input, null, 2)}</pre>
        </div>
      </details>
    </li>
  );
}

/** All there are, in the order of their words, and one that an address names besides. */
function operationsFor(asked = '') {
  const known = Object.keys(OPERATIONS).map((value) => ({ value, label: operationText(value) }))
    .sort((a, b) => a.label.localeCompare(b.label, lang.value));
  const other = asked && !Object.hasOwn(OPERATIONS, asked) ? [{ value: asked, label: asked }] : [];
  return [{ value: '', label: t('audit.what.any') }, ...known, ...other];
}

function Narrow({ of }: { of: Asked }) {
  return (
    <div class="card form-row audit-narrow">
      <Lookup label={t('audit.by')} value={of.by ?? ''} find={findUser} onChoose={(by) => querySet({ by })} />
      <Field label={t('audit.what')} value={of.what ?? ''} onInput={(what) => querySet({ what })} options={operationsFor(of.what)} />
      <Lookup label={t('audit.account')} value={of.account ?? ''} find={findAccount} onChoose={(account) => querySet({ account })} />
      <Field label={t('audit.from')} type="date" value={of.from ?? ''} onInput={(from) => querySet({ from })} />
      <Field label={t('audit.until')} type="date" value={of.until ?? ''} onInput={(until) => querySet({ until })} />
    </div>
  );
}

export function Audit() {
  const of = asked();
  useCustoms();
  const pages = usePages(`audit ${JSON.stringify(of)}`, (cursor) => call(audit_list, { ...of, limit: 50, ...(cursor && { cursor }) }));
  return (
    <Page title={t('audit.title')} intro={t('audit.intro')}>
      <div class="settings">
        <Narrow of={of} />
        <Load of={pages} rows={8}>
          {(items) => items.length || pages.more
            ? <ol class="card audit-entries" aria-label={t('audit.title')}>{items.map((item) => <Entry key={item.id} item={item} />)}</ol>
            : <Empty title={t('audit.none')} hint={t('audit.none.hint')} />}
        </Load>
        <More of={pages} />
      </div>
    </Page>
  );
}
