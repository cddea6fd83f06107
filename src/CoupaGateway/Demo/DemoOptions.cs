namespace CoupaGateway.Demo;

/// <summary>What the <c>demo</c> command was asked to do.</summary>
internal sealed record DemoOptions
{
    /// <summary>Name of the demo's connection.</summary>
    public const string Connection = "demo";

    public const int DefaultPort = 5080;

    /// <summary>Port on localhost; 0 lets the operating system choose. The default is 5080.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Size of the made-up tenant: 1 has about 2,000 invoices. The default is 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Requests a second that the made-up tenant allows, as Coupa does; 0 means no limit. The default is 25.</summary>
    public double Rate { get; init; } = 25;

    /// <summary>Where the loaded tables are kept between runs.</summary>
    public required string Folder { get; init; }

    /// <summary>A sandbox that runs already, to be read instead of one in this process.</summary>
    public Uri? Sandbox { get; init; }

    /// <summary>A folder for this user's demo data.</summary>
    public static string DefaultFolder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "CoupaGateway", "demo");
}
