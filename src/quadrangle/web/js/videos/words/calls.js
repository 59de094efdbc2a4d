import { api } from "../../base/api.js";
import { videoPath } from "../addresses.js";

/** The calls about words of one video, by whoever has the key of its link too. */
export function wordCalls({ id, key }) {
  const query = key ? { key } : undefined;
  const captions = `${videoPath(id)}/captions`;
  const of = (language) => `${captions}/${encodeURIComponent(language)}`;
  return {
    captions: () => api.get(captions, { query }),
    cues: (language) => api.get(of(language), { query }),
    saveCues: (language, edit) => api.put(`${of(language)}/cues`, edit),
    remove: (language) => api.delete(of(language)),
    upload: (language, label, file) =>
      api.put(of(language), file, { query: { label } }),
    fileAddress(language, format) {
      const wanted = new URLSearchParams({ format, ...query });
      return `${of(language)}/file?${wanted}`;
    },
    makeCaptions: (language) => api.post(`${videoPath(id)}/speech`, language ? { language } : {}),
    stopMaking: () => api.delete(`${videoPath(id)}/speech`),
    chapters: () => api.get(`${videoPath(id)}/chapters`, { query }),
    saveChapters: (list) => api.put(`${videoPath(id)}/chapters`, list),
  };
}
