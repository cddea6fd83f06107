using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace CoupaGateway.Schema.Custom;

/// <summary>How names that people write become legal ones.</summary>
internal static class JsonNames
{
    private const int LongestShown = 60;

    /// <summary>A name as messages show it: short, and without control characters.</summary>
    public static string Shown(string name)
    {
        var text = string.Concat(name.Select(static letter => char.IsControl(letter) ? '\uFFFD' : letter));
        return text.Length <= LongestShown ? text : text[..LongestShown] + "…";
    }

    /// <summary>Whether a JSON key can be one: not blank, without control characters, of bounded length.</summary>
    public static bool IsKey([NotNullWhen(true)] string? key) =>
        !string.IsNullOrWhiteSpace(key) && key.Length <= MetadataLimits.NameLength && !key.Any(char.IsControl);

    /// <summary>
    /// The OData identifier next to a name: letters, digits and underscores, at most 128, the first one no digit (OData CSDL XML 4.01, section 15.2). Accents are put
    /// together first, so that one name has one spelling.
    /// </summary>
    /// <param name="repaired">Whether more was changed than hyphens into underscores.</param>
    public static string Identifier(string name, out bool repaired)
    {
        var plain = Catalogue.ColumnNames.Of(name.Normalize(NormalizationForm.FormC).Trim());
        var text = new StringBuilder(plain.Length);
        foreach (var letter in plain)
            text.Append(IsLetter(letter) || char.IsDigit(letter) || letter == '_' ? letter : '_');

        // A leading underscore is for the gateway's own columns.
        if (text.Length == 0 || !IsLetter(text[0]))
            text.Insert(0, 'x');
        if (text.Length > MetadataLimits.NameLength)
            text.Length = MetadataLimits.NameLength;

        var identifier = text.ToString();
        repaired = identifier != name.Replace('-', '_');
        return identifier;
    }

    private static bool IsLetter(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;
}
