// What this service can do beyond what every one does, asked once.

import { useEffect, useState } from "preact/hooks";
import { type Features, getFeatures } from "./api";

const none: Features = { chat: false };

export function useFeatures(): Features {
  const [features, setFeatures] = useState(none);
  useEffect(() => {
    getFeatures().then(setFeatures, () => {}); // the pages are whole without them
  }, []);
  return features;
}
