namespace CoupaGateway.OData.Query;

/// <summary>Takes the text of an option apart where a separator stands in no parentheses and no quotes.</summary>
internal static class TextSplitter
{
    /// <summary>The parts, without spaces around them; null where parentheses or quotes do not match.</summary>
    public static List<string>? Split(string text, char separator)
    {
        var parts = new List<string>();
        var (start, depth, quoted) = (0, 0, false);
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character == '\'')
                quoted = !quoted;
            else if (!quoted && character == '(')
                depth++;
            else if (!quoted && character == ')' && --depth < 0)
                return null;

            if (quoted || depth != 0 || character != separator)
                continue;
            parts.Add(text[start..index].Trim());
            start = index + 1;
        }

        parts.Add(text[start..].Trim());
        return depth == 0 && !quoted ? parts : null;
    }
}
