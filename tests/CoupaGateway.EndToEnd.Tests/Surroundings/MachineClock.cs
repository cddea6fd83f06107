using System.IO.MemoryMappedFiles;

namespace CoupaGateway.EndToEnd.Tests.Surroundings;

/// <summary>The time of day as processes see it that were started with <see cref="Settings"/>: it can be set while they run. The C compiler makes the part that they load.</summary>
internal sealed class MachineClock : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _seconds;

    private MachineClock(TemporaryFolder folder, string library, string offset)
    {
        _folder = folder;
        _file = MemoryMappedFile.CreateFromFile(offset, FileMode.Create, mapName: null, sizeof(long));
        _seconds = _file.CreateViewAccessor();
        Settings = [("LD_PRELOAD", library), ("CLOCK_OFFSET", offset)];
    }

    /// <summary>What a process needs in its environment.</summary>
    public (string Name, string Value)[] Settings { get; }

    /// <summary>How far the clock is ahead of the true one; less than nothing when it is behind. Whole seconds.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromSeconds(_seconds.ReadInt64(0));
        set => _seconds.Write(0, (long)value.TotalSeconds);
    }

    public static async Task<MachineClock> CompileAsync(CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        var library = Path.Combine(folder.Path, "clock.so");
        await Tool.RunAsync(
            "gcc", ["-shared", "-fPIC", "-O1", "-nostdlib", "-fno-builtin", "-o", library, Path.Combine(AppContext.BaseDirectory, "Surroundings", "clock.c")], cancellationToken: cancellationToken);
        return new(folder, library, Path.Combine(folder.Path, "offset"));
    }

    public void Dispose()
    {
        _seconds.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }
}
