using System.Text.Json;

namespace Aigc.Browser.Tests;

/// <summary>What somebody needs who cannot see a page, or has a small screen.</summary>
internal static class Readable
{
    private const string Faults = """
        () => {
          const faults = [], name = e => e.outerHTML.slice(0, 120);
          const shown = e => e.checkVisibility({ visibilityProperty: true });
          if (!document.documentElement.lang) faults.push('no language');
          if (!document.title.trim()) faults.push('no title');
          if (document.querySelectorAll('main').length !== 1) faults.push('not one main part');
          const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(shown).map(h => Number(h.tagName[1]));
          if (levels.filter(l => l === 1).length !== 1) faults.push('not one first heading: ' + levels);
          levels.forEach((l, i) => { if (l > (levels[i - 1] ?? 0) + 1) faults.push('a heading level is left out: ' + levels); });
          const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push('an id twice: ' + id);
          for (const field of document.querySelectorAll('input:not([type=hidden]),select,textarea'))
            if (!field.labels?.length && !field.ariaLabel && !field.getAttribute('aria-labelledby')) faults.push('no label: ' + name(field));
          for (const image of document.querySelectorAll('img'))
            if (!image.hasAttribute('alt')) faults.push('no alternative: ' + name(image));
          for (const one of [...document.querySelectorAll('a[href],button,summary')].filter(shown))
            if (!(one.ariaLabel || one.textContent).trim() && !one.querySelector('img[alt]:not([alt=""])')) faults.push('no name: ' + name(one));
          if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
            faults.push(`wider than the screen: ${document.documentElement.scrollWidth} > ${document.documentElement.clientWidth}`);
          return faults;
        }
        """;

    public static async Task ShouldBeReadableAsync(this IPage page, string what) =>
        (await page.EvaluateAsync<string[]>(Faults)).ShouldBeEmpty($"{what} ({page.Url})");

    /// <summary>Goes through the page with the Tab key, and tells what it came by. Each stop must be seen to have the focus.</summary>
    public static async Task<IReadOnlyList<string>> TabThroughAsync(this IPage page)
    {
        var stops = new List<string>();
        while (stops.Count < 200)
        {
            await page.Keyboard.PressAsync("Tab");
            var stop = await page.EvaluateAsync<JsonElement>("""
                () => {
                  const e = document.activeElement;
                  if (!e || e === document.body) return { name: '' };
                  const style = getComputedStyle(e), box = e.getBoundingClientRect();
                  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
                  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
                  const again = e.dataset.tabbed === 'yes';
                  e.dataset.tabbed = 'yes';
                  return { name: (e.ariaLabel || e.textContent || e.name || e.tagName).trim(), ring, seen, again };
                }
                """);
            var name = stop.GetProperty("name").GetString()!;
            if (name.Length == 0 || stop.GetProperty("again").GetBoolean())
                return stops;
            stop.GetProperty("ring").GetBoolean().ShouldBeTrue($"the focus on “{name}” can be seen");
            stop.GetProperty("seen").GetBoolean().ShouldBeTrue($"“{name}” is on the screen when it has the focus");
            stops.Add(name);
        }

        throw new InvalidOperationException("The Tab key never came to an end: " + string.Join(", ", stops));
    }
}
