using CoupaGateway.Snapshots.Chunks.Writing;

namespace CoupaGateway.Snapshots.Tests.Chunks.Writing;

public sealed class StagingFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("coupa-gateway-staging-").FullName;

    [Fact]
    public void What_a_killed_process_left_goes_at_the_next_start()
    {
        var left = Directory.CreateDirectory(Path.Combine(_root, "4711-left"));
        File.WriteAllText(Path.Combine(left.FullName, "lock"), "");
        File.WriteAllText(Path.Combine(left.FullName, "chunk.parquet"), "PAR1");

        using var mine = StagingFolder.Create(_root);

        Assert.False(Directory.Exists(left.FullName));
        Assert.True(Directory.Exists(mine.Path));
    }

    [Fact]
    public void A_folder_in_use_and_what_is_nobodys_staging_stay()
    {
        var foreign = Directory.CreateDirectory(Path.Combine(_root, "foreign"));
        using var other = StagingFolder.Create(_root);
        File.WriteAllText(Path.Combine(other.Path, "chunk.parquet"), "PAR1");

        using var mine = StagingFolder.Create(_root);

        Assert.NotEqual(other.Path, mine.Path);
        Assert.True(File.Exists(Path.Combine(other.Path, "chunk.parquet")));
        Assert.True(Directory.Exists(foreign.FullName));
    }

    [Fact]
    public void An_orderly_end_leaves_nothing()
    {
        var mine = StagingFolder.Create(_root);
        File.WriteAllText(Path.Combine(mine.Path, "chunk.parquet"), "PAR1");

        mine.Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
