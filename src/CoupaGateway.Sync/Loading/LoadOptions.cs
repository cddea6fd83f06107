using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Sync.Loading;

/// <summary>How tables are loaded.</summary>
public sealed class LoadOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Sync";

    /// <summary>What this process does. The default is both: it serves feeds and keeps tables up to date.</summary>
    public SyncRole Role { get; set; }

    /// <summary>How long the lease of a table lasts when its worker is gone; then another one goes on. The default is 15 seconds.</summary>
    [TimeSpanRange("00:00:03", "00:05:00")]
    public TimeSpan LeaseLifetime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a table is tried when what fails may pass by itself. The default is 5.</summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 5;

    /// <summary>How long to wait after a failure that may pass by itself. The default is 2 seconds.</summary>
    [TimeSpanRange("00:00:00", "01:00:00")]
    public TimeSpan TransientDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a table that is read looks whether the others are with which it changes to a new pseudonymization key. The default is 5 seconds.</summary>
    [TimeSpanRange("00:00:00.1", "00:10:00")]
    public TimeSpan HeldDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Runs of a connection that are remembered. The default is 100.</summary>
    [Range(1, 10_000)]
    public int RunsKept { get; set; } = 100;

    /// <summary>API tables of one connection that are loaded in full at once by one process; they share its request budget. The default is 3.</summary>
    [Range(1, 100)]
    public int TablesAtOnce { get; set; } = 3;

    /// <summary>API tables of one connection that are brought up to date in another mode at the same time, so that full loads do not hold them up. The default is 2.</summary>
    [Range(1, 100)]
    public int DeltasAtOnce { get; set; } = 2;

    /// <summary>Pages of one table that are asked for at once. The default is 32: at 25 requests a second, enough for answers that take a second and more.</summary>
    [Range(1, 256)]
    public int Readers { get; set; } = 32;

    /// <summary>
    /// Pages that a reader reads one after another before it goes on elsewhere. The default is 5. With more, fewer requests find nothing but the end of a range;
    /// with fewer, less waits in memory for its turn.
    /// </summary>
    [Range(1, 1_000)]
    public int PagesPerSegment { get; set; } = 5;

    /// <summary>Records of a full page. The default is 50, the most Coupa gives. Only used to cut ranges of ids.</summary>
    [Range(1, 1_000)]
    public int RecordsPerPage { get; set; } = 50;

    /// <summary>
    /// Memory for pages that were read and wait for their turn, of all tables together, in megabytes; beyond, only what is needed next is read. The
    /// default is 64.
    /// </summary>
    [Range(1, 65_536)]
    public int ReadAheadMegabytes { get; set; } = 64;

    /// <summary>Memory for rows on their way into chunks, of all API tables that are loaded at once, in megabytes; beyond, chunks are cut early. The default is 32.</summary>
    [Range(1, 65_536)]
    public int BufferMegabytes { get; set; } = 32;

    /// <summary>How often a run writes down how far it has come; a killed one loses at most that. The default is 30 seconds.</summary>
    [TimeSpanRange("00:00:00", "01:00:00")]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How far a delta reaches back behind the last one, for changes that were on their way and clocks that differ. The default is 1 hour.</summary>
    [TimeSpanRange("00:00:00", "7.00:00:00")]
    public TimeSpan Overlap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How far the wide delta reaches back, for changes that Coupa delivers late. The default is 7 days.</summary>
    [TimeSpanRange("00:00:00", "365.00:00:00")]
    public TimeSpan LookBack { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long <c>deleted_records</c> keeps a row. The default is 30 days.</summary>
    [TimeSpanRange("00:01:00", "3650.00:00:00")]
    public TimeSpan DeletionsKept { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often to look for tables that got lost or damaged. The default is 30 seconds.</summary>
    [TimeSpanRange("00:00:01", "1.00:00:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the rows of a table are kept that has left the schema of its connection, in case it comes back. The default is 1 day.</summary>
    [TimeSpanRange("00:00:01", "365.00:00:00")]
    public TimeSpan RetiredTablesKept { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long to wait before tables that failed are tried again. The default is 5 minutes.</summary>
    [TimeSpanRange("00:00:01", "1.00:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMinutes(5);
}
