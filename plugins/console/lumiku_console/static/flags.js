import { section } from "./section.js";
section({ address: "/api/admin/flags", draw: (items) => JSON.stringify(items) });
