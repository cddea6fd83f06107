using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>
/// Normalization form C (Unicode Standard Annex 15). The gateway runs without ICU, and without it the runtime leaves texts as they are: two
/// spellings of one name would get two tokens.
/// </summary>
internal static class UnicodeForms
{
    // Below this every text is in form C already.
    private const char FirstToCheck = '\u0300';

    private const int HangulFirst = 0xAC00, HangulCount = 11_172, LeadFirst = 0x1100, LeadCount = 19, VowelFirst = 0x1161, VowelCount = 21, TailFirst = 0x11A7, TailCount = 28;

    private static readonly Lazy<Data> Loaded = new(Data.Read);

    public static string Compose(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(FirstToCheck - 1)) < 0)
            return text;

        var points = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points);

        Order(points);
        Recompose(points);
        var composed = new StringBuilder(text.Length);
        foreach (var point in points)
            composed.Append(char.ConvertFromUtf32(point));

        return composed.ToString();
    }

    private static void Decompose(int point, List<int> into)
    {
        if (point is >= HangulFirst and < HangulFirst + HangulCount)
        {
            var index = point - HangulFirst;
            into.Add(LeadFirst + (index / (VowelCount * TailCount)));
            into.Add(VowelFirst + (index % (VowelCount * TailCount) / TailCount));
            if (index % TailCount != 0)
                into.Add(TailFirst + (index % TailCount));
        }
        else if (Loaded.Value.Parts.TryGetValue(point, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, into);
        }
        else
        {
            into.Add(point);
        }
    }

    /// <summary>Sorts runs of marks by their class, and leaves marks of one class in their order.</summary>
    private static void Order(List<int> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var mark = ClassOf(points[i]);
            for (var j = i; mark != 0 && j > 0 && ClassOf(points[j - 1]) > mark; j--)
                (points[j - 1], points[j]) = (points[j], points[j - 1]);
        }
    }

    private static void Recompose(List<int> points)
    {
        var starter = -1;
        var last = -1; // class of the last mark that stayed after the starter; -1 for none
        var kept = 0;
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var mark = ClassOf(point);
            if (starter >= 0 && last < mark && Pair(points[starter], point) is { } pair)
            {
                points[starter] = pair;
                continue;
            }

            if (mark == 0)
                (starter, last) = (kept, -1);
            else
                last = mark;

            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static int? Pair(int first, int second)
    {
        if (first is >= LeadFirst and < LeadFirst + LeadCount && second is >= VowelFirst and < VowelFirst + VowelCount)
            return HangulFirst + ((((first - LeadFirst) * VowelCount) + second - VowelFirst) * TailCount);
        if (first is >= HangulFirst and < HangulFirst + HangulCount && (first - HangulFirst) % TailCount == 0 && second is > TailFirst and < TailFirst + TailCount)
            return first + second - TailFirst;

        return Loaded.Value.Pairs.TryGetValue((first, second), out var pair) ? pair : null;
    }

    private static int ClassOf(int point) => point < FirstToCheck ? 0 : Loaded.Value.Classes.GetValueOrDefault(point);

    private sealed record Data(FrozenDictionary<int, int> Classes, FrozenDictionary<int, int[]> Parts, FrozenDictionary<(int, int), int> Pairs)
    {
        public static Data Read()
        {
            var classes = new Dictionary<int, int>();
            var parts = new Dictionary<int, int[]>();
            var pairs = new Dictionary<(int, int), int>();
            using var stream = typeof(UnicodeForms).Assembly.GetManifestResourceStream($"{typeof(UnicodeForms).Namespace}.nfc.txt")!;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith('#'))
                    continue;

                var fields = line.Split(';');
                var point = Hex(fields[0]);
                if (fields[1] != "0")
                    classes.Add(point, int.Parse(fields[1], CultureInfo.InvariantCulture));
                if (fields[2].Length == 0)
                    continue;

                var decomposed = fields[2].Split(' ').Select(Hex).ToArray();
                parts.Add(point, decomposed);
                if (fields[3].Length == 0 && decomposed is [var first, var second])
                    pairs.Add((first, second), point);
            }

            return new Data(classes.ToFrozenDictionary(), parts.ToFrozenDictionary(), pairs.ToFrozenDictionary());
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
