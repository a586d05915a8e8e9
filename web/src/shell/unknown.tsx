import { Link } from '../kit/link';
import { Page } from '../kit/page';
import { t } from '../words/words';
import { home } from './places';

export function Unknown() {
  return <Page title={t('app.not_found')} intro={t('app.not_found.hint')}><Link to={home()}>{t('app.home')}</Link></Page>;
}
