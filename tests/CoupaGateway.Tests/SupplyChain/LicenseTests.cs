using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CoupaGateway.Tests.Documents;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Tests.SupplyChain;

/// <summary>Every package that is published, under which licence, and whether that is one that we may publish with.</summary>
public sealed class LicenseTests
{
    private static readonly string[] Allowed = ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MS-PL", "PostgreSQL", "Zlib"];

    /// <summary>Packages that name no licence by its identifier: what a person read in the package, or where it says that its licence is.</summary>
    private static readonly Dictionary<string, (string License, string Where)> Read = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CommandLineParser"] = ("MIT", "`License.md` in the package"),
        ["KeraLua"] = ("MIT", "`LICENSE` in the package"),
        ["System.Security.Cryptography.ProtectedData"] = ("MIT", "`LICENSE.TXT` of dotnet/corefx, which it names"),
        ["diskann-garnet"] = ("MIT", "`LICENSE` of microsoft/DiskANN, which it names; the package has none"),
    };

    [Fact]
    public void The_document_lists_every_package_that_is_published_with_a_licence_that_is_allowed()
    {
        var table = new StringBuilder("| package | version | licence |\n| --- | --- | --- |\n");
        foreach (var (name, version) in Published())
        {
            var license = LicenseOf(name, version);
            Assert.True(Allowed.Contains(license.Split(',')[0]), $"{name} {version} is under '{license}', which nobody has allowed: replace it, or read it and add it to the list.");
            table.Append($"| {name} | {version} | {license} |\n");
        }

        GeneratedPart.AssertUpToDate("docs/licenses.md", "licences", table.ToString());
    }

    [Fact]
    public void What_a_person_read_is_of_packages_that_are_there() => Assert.Empty(Read.Keys.Except(Published().Select(static package => package.Name), StringComparer.OrdinalIgnoreCase));

    /// <summary>What the host's lock file holds, but for what only the build needs.</summary>
    private static IEnumerable<(string Name, string Version)> Published()
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", "CoupaGateway", "packages.lock.json")));
        string[] ofTheBuild = ["Meziantou.Analyzer", "Roslynator.Analyzers", "Microsoft.Extensions.ApiDescription.Server"];
        return
        [
            .. locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
                .Where(package => package.Value.GetProperty("type").GetString() != "Project" && !ofTheBuild.Contains(package.Name))
                .Select(static package => (package.Name, package.Value.GetProperty("resolved").GetString()!))
                .OrderBy(static package => package.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static string LicenseOf(string name, string version)
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var id = name.ToLowerInvariant();
        var metadata = XDocument.Load(Path.Combine(cache, id, version.ToLowerInvariant(), $"{id}.nuspec")).Root!.Elements().First();
        var license = metadata.Elements().FirstOrDefault(static element => element.Name.LocalName == "license");
        if (license is not null && (string?)license.Attribute("type") == "expression")
            return license.Value;
        return Read.TryGetValue(name, out var read) ? $"{read.License}, by {read.Where}" : "an unknown licence";
    }
}
