using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace CoupaGateway.OData.Tests.Corpus;

/// <summary>Makes requests that are nearly right. The request with a number is the same for a seed, whatever came before it.</summary>
/// <param name="links">Further right paths: what the feed itself has given as links.</param>
internal sealed partial class CorpusMaker(int seed, IReadOnlyList<string> links)
{
    private const int MaxTarget = 20_000;

    private readonly string[] _paths = [.. CorpusSeeds.Paths, .. links];

    public CorpusRequest Make(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) ^ (number * 7_919)));
        return random.Next(20) switch
        {
            < 13 => Get(random),
            < 15 => Post(random, "values/$query", CorpusSeeds.Queries, Pick(random, "text/plain", "application/x-www-form-urlencoded", "text/plain;charset=utf-8", "application/json")),
            < 18 => Post(random, "$batch", CorpusSeeds.MultipartBatches, "multipart/mixed;boundary=b"),
            _ => Post(random, "$batch", CorpusSeeds.JsonBatches, "application/json"),
        };
    }

    private CorpusRequest Get(Random random)
    {
        var path = Mutate(random, _paths[random.Next(_paths.Length)], _paths, edits: random.Next(0, 4));
        var method = random.Next(25) == 0 ? CorpusSeeds.Methods[random.Next(CorpusSeeds.Methods.Length)] : "GET";
        return new(method, path.Length > MaxTarget ? path[..MaxTarget] : path, Headers(random, one: 2));
    }

    private static CorpusRequest Post(Random random, string path, string[] bodies, string contentType)
    {
        // The path and the type go wrong now and then, the body nearly always.
        var target = random.Next(12) == 0 ? Mutate(random, path, CorpusSeeds.Paths, edits: 1) : path;
        var type = random.Next(10) == 0 ? Mutate(random, contentType, CorpusSeeds.Pieces, edits: 1) : contentType;
        return new("POST", target, Headers(random, one: 4), OneLine(type), Mutate(random, bodies[random.Next(bodies.Length)], bodies, edits: random.Next(0, 5)));
    }

    private static ImmutableArray<(string Name, string Value)> Headers(Random random, int one)
    {
        if (random.Next(one) > 0)
            return [];

        var headers = ImmutableArray.CreateBuilder<(string Name, string Value)>();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var (name, values) = CorpusSeeds.Headers[random.Next(CorpusSeeds.Headers.Length)];
            headers.Add((name, OneLine(Mutate(random, Pick(random, values), values, edits: random.Next(0, 3)))));
        }

        return headers.ToImmutable();
    }

    /// <summary>Another text.</summary>
    /// <param name="others">Right texts, whose parts are put in.</param>
    public static string Mutate(Random random, string text, string[] others, int edits)
    {
        for (; edits > 0; edits--)
        {
            var (at, length) = (random.Next(text.Length + 1), random.Next(1, 8));
            var end = Math.Min(text.Length, at + length);
            text = random.Next(16) switch
            {
                0 or 1 => text.Insert(at, Piece(random)),
                2 => text.Remove(at, end - at),
                3 or 4 => string.Concat(text.AsSpan(0, at), Piece(random), text.AsSpan(end)),
                5 => text.Insert(at, Repeat(random, text[at..Math.Min(text.Length, at + random.Next(1, 40))])),
                6 => string.Concat(text.AsSpan(0, at), Tail(random, Pick(random, others))),
                7 => Number(random, text),
                8 => Swap(random, text),
                < 12 => Option(random, text, Pick(random, others)),
                _ => Word(random, text, Pick(random, others)),
            };
        }

        return text;
    }

    private static string Piece(Random random)
    {
        var piece = Pick(random, CorpusSeeds.Pieces);
        return random.Next(30) == 0 ? Repeat(random, piece) : piece;
    }

    private static string Repeat(Random random, string text) => string.Concat(Enumerable.Repeat(text, random.Next(10) == 0 ? random.Next(2, 800) : random.Next(1, 4)));

    private static string Tail(Random random, string text) => text[random.Next(text.Length + 1)..];

    /// <summary>Another number in the place of one.</summary>
    private static string Number(Random random, string text)
    {
        var from = random.Next(text.Length + 1);
        var start = text.AsSpan(from).IndexOfAnyInRange('0', '9');
        if (start < 0)
            return text;

        start += from;
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return string.Concat(text.AsSpan(0, start), Pick(random, "0", "-1", "1e9", "2147483648", "9223372036854775808", "99999999999999999999999999999999", "1.5", "0x1", "1m", ""), text.AsSpan(end));
    }

    /// <summary>One query option more.</summary>
    private static string Option(Random random, string text, string other) =>
        other.Split('?', 2)[^1].Split('&') is { Length: > 0 } options && !text.Contains('{', StringComparison.Ordinal) ? $"{text}{(text.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Pick(random, options)}" : text;

    /// <summary>Another word in the place of one: what comes of it is often right.</summary>
    private static string Word(Random random, string text, string other)
    {
        var (words, others) = (Words().Matches(text), Words().Matches(other));
        if (words.Count == 0 || others.Count == 0)
            return text;

        var word = words[random.Next(words.Count)];
        return string.Concat(text.AsSpan(0, word.Index), others[random.Next(others.Count)].ValueSpan, text.AsSpan(word.Index + word.Length));
    }

    [GeneratedRegex("[$@]?[A-Za-z_]+|[0-9]+|'[^']*'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Words();

    /// <summary>Two pieces of the text change places.</summary>
    private static string Swap(Random random, string text)
    {
        if (text.Length < 4)
            return text;

        var cuts = new[] { random.Next(text.Length), random.Next(text.Length), random.Next(text.Length) };
        Array.Sort(cuts);
        return string.Concat(string.Concat(text.AsSpan(0, cuts[0]), text.AsSpan(cuts[1], cuts[2] - cuts[1])), string.Concat(text.AsSpan(cuts[0], cuts[1] - cuts[0]), text.AsSpan(cuts[2])));
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\0', ' ');

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];
}
