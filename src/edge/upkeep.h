/* Commands of whoever runs the database: doctor, rebuild, backup, restore. */
#ifndef GUANXI_EDGE_UPKEEP_H
#define GUANXI_EDGE_UPKEEP_H

#include "edge/site.h"

extern const SiteCommand doctor_site;
extern const SiteCommand rebuild_site;
extern const SiteCommand backup_site;

#endif
