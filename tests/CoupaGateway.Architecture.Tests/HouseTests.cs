using System.Diagnostics;
using System.Xml.Linq;
using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Architecture.Tests;

public sealed class HouseTests
{
    /// <summary>Which project may reference which: arrows point one way, and Sync and OData never see each other.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["CoupaGateway.Schema"] = [],
        ["CoupaGateway.Telemetry"] = [],
        ["CoupaGateway.Coupa"] = ["CoupaGateway.Telemetry"],
        ["CoupaGateway.Sandbox"] = [],
        ["CoupaGateway.Snapshots"] = ["CoupaGateway.Schema", "CoupaGateway.Telemetry"],
        ["CoupaGateway.Sync"] = ["CoupaGateway.Schema", "CoupaGateway.Coupa", "CoupaGateway.Snapshots", "CoupaGateway.Telemetry"],
        ["CoupaGateway.OData"] = ["CoupaGateway.Schema", "CoupaGateway.Snapshots", "CoupaGateway.Telemetry"],
        ["CoupaGateway"] =
        [
            "CoupaGateway.Schema", "CoupaGateway.Coupa", "CoupaGateway.Snapshots", "CoupaGateway.Sync", "CoupaGateway.OData",
            "CoupaGateway.Sandbox", "CoupaGateway.Telemetry",
        ],
    };

    [Fact]
    public void Every_event_of_the_log_has_an_id_of_its_own()
    {
        var ids = SourceLines()
            .Where(static line => line.Contains("[LoggerMessage(", StringComparison.Ordinal))
            .Select(static line => line.Split("[LoggerMessage(")[1].Split(',')[0])
            .ToArray();

        Assert.True(ids.Length > 50, $"{ids.Length} events were found.");
        Assert.Empty(ids.GroupBy(static id => id, StringComparer.Ordinal).Where(static group => group.Count() > 1).Select(static group => group.Key));
    }

    /// <summary>The framework's own attribute for times fails when two threads use it for the first time together.</summary>
    [Fact]
    public void Ranges_of_times_are_safe_for_threads()
    {
        Assert.DoesNotContain(SourceLines(), static line => line.Contains("Range(typeof(", StringComparison.Ordinal));
    }

    /// <summary>What several projects compile is named by each of them, so that no file lies there unused.</summary>
    [Fact]
    public void Shared_files_are_compiled_by_more_than_one_project()
    {
        var sources = Path.Combine(Repository.Root, "src");
        var projects = Allowed.Keys.Select(project => File.ReadAllText(Path.Combine(sources, project, project + ".csproj"))).ToArray();

        Assert.All(
            Directory.EnumerateFiles(Path.Combine(sources, "Shared")),
            file => Assert.True(projects.Count(text => text.Contains($"../Shared/{Path.GetFileName(file)}", StringComparison.Ordinal)) > 1, file));
    }

    [Fact]
    public void Projects_reference_only_what_the_house_map_allows()
    {
        var projects = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Where(static name => name != "Shared").Order();
        Assert.Equal(Allowed.Keys.Order(), projects);

        foreach (var (project, allowed) in Allowed)
        {
            var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
            var references = file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
            Assert.Empty(references.Except(allowed));
        }
    }

    [Fact]
    public void The_top_level_holds_what_belongs_there_and_nothing_else()
    {
        string[] expected =
        [
            ".ci", ".editorconfig", ".gitignore", "CHANGELOG.md", "CoupaGateway.sln", "Directory.Build.props",
            "Directory.Packages.props", "LICENSE", "README.md", "docs", "global.json", "k8s", "openapi", "src", "tests",
        ];
        var actual = GitFiles().Select(path => path.Split('/')[0]).Distinct();

        Assert.Empty(actual.Except(expected));
    }

    [Fact]
    public void Nothing_that_is_committed_names_a_package_registry_host()
    {
        var locks = GitFiles().Where(path => path.EndsWith("packages.lock.json", StringComparison.Ordinal));
        Assert.All(locks, path => Assert.DoesNotContain("://", File.ReadAllText(Path.Combine(Repository.Root, path)), StringComparison.Ordinal));
        Assert.DoesNotContain(GitFiles(), path => Path.GetFileName(path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "CoupaGateway.sln")).Replace('\\', '/');

        Assert.All(
            GitFiles().Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)),
            path => Assert.Contains(path, solution, StringComparison.Ordinal));
    }

    private static IEnumerable<string> SourceLines() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .SelectMany(static file => File.ReadLines(file));

    private static string[] GitFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
