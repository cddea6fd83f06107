using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Tests.Documents;

/// <summary>A part of a document that is made from the code, between two markers. With <c>DOCS_UPDATE=1</c> it is written instead of compared.</summary>
internal static class GeneratedPart
{
    public static void AssertUpToDate(string path, string name, string text)
    {
        var file = Path.Combine(Repository.Root, path);
        var document = File.ReadAllText(file);
        var begin = $"<!-- begin of {name}: made from the code -->\n";
        var end = $"<!-- end of {name} -->";
        var from = document.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = document.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"{path} has no part {name}.");
        var made = document[..from] + text + document[to..];
        if (Environment.GetEnvironmentVariable("DOCS_UPDATE") == "1")
            File.WriteAllText(file, made);
        else
            Assert.True(made == document, $"{path} is out of date. Run this test with DOCS_UPDATE=1 and look at the difference.");
    }
}
