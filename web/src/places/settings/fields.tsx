// The fields that the organisation added to its records: what they are called, what they hold, in which order they stand.

import { useRef, useState } from 'preact/hooks';
import { call } from '../../api/client';
import { problemFrom } from '../../api/problem';
import { custom_field_change, custom_field_create, custom_field_get, custom_field_list, type CustomField } from '../../api/types';
import { customLabel, customsRead, type CustomRecord } from '../../custom/defs';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Check, Field } from '../../kit/field';
import { Form, useForm, type FormState } from '../../kit/form';
import { Load, useLoaded } from '../../kit/load';
import { Menu, type MenuItem } from '../../kit/menu';
import { Empty, problemText } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Table, type Column } from '../../kit/table';
import { tell } from '../../kit/toast';
import { queryGet, querySet } from '../../shell/route';
import { lang } from '../../words/words';
import { t } from './words';

const RECORDS: readonly CustomRecord[] = ['partner', 'account', 'contact', 'product', 'order', 'activity'];
const KINDS: readonly CustomField['kind'][] = ['text', 'choice', 'yes_no', 'date', 'integer', 'decimal', 'money'];
const MOST = 500;
const CODE_MOST = 40;

interface OptionDraft {
  /** '' until it is kept. */
  code: string;
  label_en: string;
  label_zh: string;
  retired: boolean;
}

interface FieldDraft {
  record: string;
  label_en: string;
  label_zh: string;
  code: string;
  kind: string;
  currency: string;
  required: boolean;
  options: OptionDraft[];
}

const NO_OPTION: OptionDraft = { code: '', label_en: '', label_zh: '', retired: false };

function draftOf(field: CustomField | null, record: CustomRecord): FieldDraft {
  return {
    record: field?.record ?? record, label_en: field?.label_en ?? '', label_zh: field?.label_zh ?? '', code: field?.code ?? '',
    kind: field?.kind ?? 'text', currency: field?.currency ?? '', required: field?.required ?? false,
    options: field?.options.map((one) => ({ code: one.code, label_en: one.label_en ?? '', label_zh: one.label_zh ?? '', retired: one.retired })) ?? [],
  };
}

/** "Region code" -> "region_code"; what has no letters of ours is numbered. */
function codeFor(label: string, taken: readonly string[]): string {
  const plain = label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^[_0-9]+|_+$/g, '').slice(0, CODE_MOST - 3);
  const base = plain || 'field';
  let code = plain || 'field_1';
  for (let i = 2; taken.includes(code); i++) code = `${base}_${i}`;
  return code;
}

function optionsSent(options: readonly OptionDraft[]) {
  const taken = options.map((one) => one.code).filter(Boolean);
  return options.filter((one) => one.code || one.label_en.trim() || one.label_zh.trim()).map((one) => {
    const label_en = one.label_en.trim() || null;
    const label_zh = one.label_zh.trim() || null;
    const code = one.code || codeFor(label_en ?? '', taken);
    taken.push(code);
    return { code, label_en, label_zh, retired: one.retired };
  });
}

interface OptionsProps {
  form: FormState<FieldDraft>;
}

function Options({ form }: OptionsProps) {
  const { options } = form.value;
  const put = (at: number, next: Partial<OptionDraft>) => form.change({ options: options.map((one, i) => (i === at ? { ...one, ...next } : one)) });
  const drop = (at: number) => form.change({ options: options.filter((_, i) => i !== at) });
  return (
    <fieldset class="checks">
      <legend>{t('fields.options')}</legend>
      {form.error('options') && <p class="field-error" role="alert">{form.error('options')}</p>}
      {options.map((one, i) => (
        <div key={i} class="form-row fields-option">
          <Field label={t('fields.option.en', { number: i + 1 })} value={one.label_en} onInput={(label_en) => put(i, { label_en })} error={form.error(`options.${i}.label_en`) ?? form.error(`options.${i}.code`)} />
          <Field label={t('fields.option.zh', { number: i + 1 })} value={one.label_zh} onInput={(label_zh) => put(i, { label_zh })} error={form.error(`options.${i}.label_zh`)} />
          {one.code
            ? <Check label={t('fields.option.retired')} checked={one.retired} onChange={(retired) => put(i, { retired })} />
            : <Button kind="quiet" onClick={() => drop(i)}>{t('fields.option.drop')}</Button>}
        </div>
      ))}
      <Button onClick={() => form.change({ options: [...options, NO_OPTION] })}>{t('fields.option.add')}</Button>
    </fieldset>
  );
}

interface DialogProps {
  field: CustomField | null;
  record: CustomRecord;
  all: readonly CustomField[];
  onClose: () => void;
  onDone: () => void;
}

function create(value: FieldDraft, code: string, key: string): Promise<unknown> {
  return call(custom_field_create, {
    record: value.record as CustomRecord, code, kind: value.kind as CustomField['kind'], required: value.required,
    label_en: value.label_en.trim() || null, label_zh: value.label_zh.trim() || null,
    ...(value.kind === 'money' && { currency: value.currency.trim().toUpperCase() || null }),
    ...(value.kind === 'choice' && { options: optionsSent(value.options) }),
  }, { key });
}

/** What differs; the rest is left to whoever changes it. */
function change(field: CustomField, value: FieldDraft, before: FieldDraft, key: string, match: number): Promise<unknown> {
  return call(custom_field_change, {
    custom_field: field.id ?? '',
    ...(value.label_en !== before.label_en && { label_en: value.label_en.trim() || null }),
    ...(value.label_zh !== before.label_zh && { label_zh: value.label_zh.trim() || null }),
    ...(value.required !== before.required && { required: value.required }),
    ...(JSON.stringify(value.options) !== JSON.stringify(before.options) && { options: optionsSent(value.options) }),
  }, { key, match });
}

function conflictText(name: string, value: unknown): string | undefined {
  if (name === 'required') return t(value ? 'fields.yes' : 'fields.no');
  return name === 'options' ? (value as readonly OptionDraft[]).map((one) => one.label_en || one.label_zh || one.code).join(t('app.comma')) : undefined;
}

function FieldDialog({ field, record, all, onClose, onDone }: DialogProps) {
  const version = useRef(field?.version ?? 0);
  const before = useRef(draftOf(field, record));
  const codeOf = (value: FieldDraft) => value.code.trim() || codeFor(value.label_en, all.filter((one) => one.record === value.record).map((one) => one.code));
  const form = useForm<FieldDraft, unknown>({
    draft: `custom field ${field ? `${field.id} ${field.version}` : 'new'}`,
    empty: before.current,
    send: (value, key) => (field ? change(field, value, before.current, key, version.current) : create(value, codeOf(value), key)),
    onDone,
    again: field ? {
      read: async () => {
        const now = await call(custom_field_get, { custom_field: field.id ?? '' });
        version.current = now.version;
        before.current = draftOf(now, record);
        return before.current;
      },
      labels: { label_en: t('fields.en'), label_zh: t('fields.zh'), required: t('fields.required'), options: t('fields.options'), record: t('fields.record'), code: t('fields.code'), kind: t('fields.kind'), currency: t('fields.currency') },
      text: conflictText,
    } : undefined,
  });
  const { value, set, error } = form;
  // The name in one's own language first.
  const names = lang.value === 'zh' ? ['label_zh', 'label_en'] as const : ['label_en', 'label_zh'] as const;
  return (
    <Dialog title={field ? t('fields.change', { name: customLabel(field) }) : t('fields.add')} onClose={onClose}>
      <Form of={form} submit={field ? t('set.save') : t('fields.add')} onCancel={onClose}>
        <div class="form-row">
          {names.map((name, at) => (
            <Field key={name} label={t(name === 'label_en' ? 'fields.en' : 'fields.zh')} value={value[name]} onInput={set(name)} error={error(name)}
              focus={at === 0} hint={at === 1 ? t('fields.one') : undefined} />
          ))}
        </div>
        {!field && (
          <div class="form-row">
            <Field label={t('fields.record')} value={value.record} onInput={set('record')} options={RECORDS.map((one) => ({ value: one, label: t(`fields.of.${one}`) }))} error={error('record')} />
            <Field label={t('fields.kind')} value={value.kind} onInput={set('kind')} options={KINDS.map((one) => ({ value: one, label: t(`fields.kind.${one}`) }))} error={error('kind')} />
          </div>
        )}
        {!field && value.kind === 'money' && <Field label={t('fields.currency')} value={value.currency} onInput={set('currency')} error={error('currency')} required hint={t('fields.currency.hint')} />}
        {value.kind === 'choice' && <Options form={form} />}
        <Check label={t('fields.required.long')} checked={value.required} onChange={set('required')} />
        {!field && <Field label={t('fields.code')} value={value.code} onInput={set('code')} error={error('code')} placeholder={codeOf(value)} hint={t('fields.code.hint')} />}
      </Form>
    </Dialog>
  );
}

interface ListProps {
  record: CustomRecord;
  fields: readonly CustomField[];
  onEdit: (field: CustomField) => void;
  onPut: (field: CustomField, change: { retired?: boolean; place?: number | null }) => void;
}

function FieldsOf({ record, fields, onEdit, onPut }: ListProps) {
  const used = fields.filter((one) => !one.retired);
  const items = (field: CustomField): MenuItem[] => {
    const at = used.indexOf(field);
    const up = used[at - 1];
    const down = used[at + 1];
    if (field.retired) return [{ label: t('fields.bring_back'), run: () => onPut(field, { retired: false }) }];
    return [
      { label: t('fields.edit'), run: () => onEdit(field) },
      ...(up ? [{ label: t('fields.up'), run: () => onPut(field, { place: up.place }) }] : []),
      // The next one moves to this one's place, and this one behind it.
      ...(down ? [{ label: t('fields.down'), run: () => onPut(down, { place: field.place }) }] : []),
      { label: t('fields.retire'), danger: true, run: () => onPut(field, { retired: true }) },
    ];
  };
  const columns: Column<CustomField>[] = [
    { key: 'name', label: t('fields.name'), lead: true, cell: (one) => <><strong>{customLabel(one)}</strong>{one.retired && <span class="badge">{t('fields.retired')}</span>}</> },
    { key: 'code', label: t('fields.code'), cell: (one) => one.code },
    { key: 'kind', label: t('fields.kind'), cell: (one) => one.kind === 'money' ? t('fields.kind.money.in', { currency: one.currency ?? '' }) : t(`fields.kind.${one.kind}`) },
    { key: 'required', label: t('fields.required'), cell: (one) => t(one.required ? 'fields.yes' : 'fields.no') },
    { key: 'act', label: t('set.do'), acts: true, cell: (one) => <Menu label={t('fields.acts', { name: customLabel(one) })} items={items(one)} /> },
  ];
  return (
    <section class="settings-part fields-of">
      <h2>{t(`fields.of.${record}`)}</h2>
      <Table label={t(`fields.of.${record}`)} columns={columns} rows={[...used, ...fields.filter((one) => one.retired)]} rowKey={(one) => one.code} />
    </section>
  );
}

export function Fields() {
  const [changed, setEditing] = useState<CustomField | null>(null);
  const editing = changed ?? (queryGet('new') ? 'new' : null);
  const close = () => {
    setEditing(null);
    querySet({ new: null });
  };
  const found = useLoaded('custom fields', () => call(custom_field_list, { sort: 'place', limit: MOST }).then((page) => page.items));
  const reload = () => {
    found.reload();
    void customsRead();
  };
  const put: ListProps['onPut'] = (field, change) => {
    call(custom_field_change, { custom_field: field.id ?? '', ...change }, { match: field.version }).catch(
      (error: unknown) => tell({ text: () => problemText(problemFrom(error)), tone: 'bad' }),
    ).finally(reload);
  };
  return (
    <Page title={t('fields.title')} intro={t('fields.intro')} aside={<Button kind="primary" onClick={() => querySet({ new: '1' })}>{t('fields.add')}</Button>}>
      <Load of={found}>
        {(all) => (all.length
          ? <div class="settings">{RECORDS.filter((record) => all.some((one) => one.record === record)).map((record) => (
              <FieldsOf key={record} record={record} fields={all.filter((one) => one.record === record)} onEdit={setEditing} onPut={put} />
            ))}</div>
          : <Empty title={t('fields.none')} hint={t('fields.none.hint')} />)}
      </Load>
      {editing && found.data && <FieldDialog key={editing === 'new' ? 'new' : editing.id} field={editing === 'new' ? null : editing} record="partner" all={found.data} onClose={close} onDone={() => {
        close();
        reload();
      }} />}
    </Page>
  );
}
