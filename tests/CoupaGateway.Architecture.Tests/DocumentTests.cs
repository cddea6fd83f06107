using System.Text.RegularExpressions;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Architecture.Tests;

/// <summary>What the documents name is there.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Documents = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories), Path.Combine(Repository.Root, "README.md")];

    /// <summary>Documents about the code: what they name in the form of a type, a member or a folder has to be found in it.</summary>
    [Theory]
    [InlineData("architecture.md")]
    [InlineData("threat-model.md")]
    public void Types_and_folders_that_a_document_names_are_in_the_code(string document)
    {
        var names = CodeName().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", document))).Select(static match => match.Groups["name"].Value).Distinct().ToArray();
        var files = new[] { "src", "tests" }.SelectMany(static top => Directory.EnumerateFiles(Path.Combine(Repository.Root, top), "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToArray();
        var words = files.SelectMany(static file => Word().Matches(File.ReadAllText(file)).Select(static match => match.Value)).ToHashSet(StringComparer.Ordinal);
        words.UnionWith(files.SelectMany(static file => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar, '.')));

        Assert.NotEmpty(names);
        Assert.DoesNotContain(names, name => !name.Split('/', '.').All(words.Contains));
    }

    [Fact]
    public void Links_between_documents_lead_to_a_file_and_a_heading()
    {
        var broken = new List<string>();
        var looked = 0;
        foreach (var document in Documents)
        {
            foreach (var target in Link().Matches(File.ReadAllText(document)).Select(static match => match.Groups["target"].Value).Where(static target => !target.Contains("://", StringComparison.Ordinal)))
            {
                looked++;
                var (file, heading) = target.Split('#') is [var path, var anchor] ? (path, anchor) : (target, "");
                var full = file.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, file);
                if (!(File.Exists(full) || Directory.Exists(full)) || (heading.Length > 0 && !Headings(full).Contains(heading)))
                    broken.Add($"{Path.GetRelativePath(Repository.Root, document)}: {target}");
            }
        }

        Assert.True(looked > 50, $"{looked} links were found.");
        Assert.Empty(broken);
    }

    /// <summary>As they are linked to: in lower case, with hyphens for spaces, without punctuation.</summary>
    private static HashSet<string> Headings(string file) => File.ReadLines(file).Where(static line => line.StartsWith('#'))
        .Select(static line => Punctuation().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"`(?<name>[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*([./][A-Z][A-Za-z0-9]+)*)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeName();

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\s-]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Punctuation();
}
