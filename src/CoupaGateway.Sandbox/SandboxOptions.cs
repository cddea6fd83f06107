using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Sandbox;

/// <summary>How the sandbox tenant looks and behaves.</summary>
public sealed class SandboxOptions
{
    /// <summary>TCP port on 127.0.0.1. The default is 0: the operating system chooses.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>What all data grows from. The default is 42. The same seed and scale give the same data everywhere.</summary>
    public int Seed { get; set; } = 42;

    /// <summary>Size of the tenant; 1 (the default) is 2,000 invoices, 2,500 is 5 million. The scale costs no memory.</summary>
    [Range(0.001, 1_000_000)]
    public double Scale { get; set; } = 1;

    /// <summary>Requests a second that are let through in the long run. The default is 25, as Coupa documents; 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public double Rate { get; set; } = 25;

    /// <summary>Requests that may come at once. The default is 20.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 20;

    /// <summary>Whether a 429 carries <c>Retry-After</c>. The default is true; instances differ.</summary>
    public bool SendRetryAfter { get; set; } = true;

    /// <summary>Time that every API answer is held back. The default is none.</summary>
    public TimeSpan PageDelay { get; set; }

    /// <summary>Lifetime of an access token. The default is 86,399 s.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromSeconds(86_399);

    /// <summary>How long a new token is refused with 401 before it works. The default is none; Coupa needs up to 5 s.</summary>
    public TimeSpan TokenWarmUp { get; set; }

    public string ClientId { get; set; } = "sandbox-client";

    public string ClientSecret { get; set; } = "sandbox-secret";

    /// <summary>Scopes granted to the client. Null (the default) grants all that the resources need.</summary>
    public IReadOnlyList<string>? Scopes { get; set; }

    /// <summary>Offset of the times in answers. The default is -07:00.</summary>
    public TimeSpan UtcOffset { get; set; } = TimeSpan.FromHours(-7);

    /// <summary>Largest and default page. The default is 50.</summary>
    [Range(1, 1_000)]
    public int MaxPageSize { get; set; } = 50;

    /// <summary>Length of path and query from which a request is refused with 414. The default is 8,192 bytes.</summary>
    public int MaxUrlLength { get; set; } = 8_192;

    /// <summary>Release that the tenant runs (21…46); fields of later ones do not exist. The default is 46.</summary>
    [Range(21, 46)]
    public int Release { get; set; } = 46;

    /// <summary>Fields that came after this release appear only when named in <c>fields</c>. The default is 46: none.</summary>
    [Range(21, 46)]
    public int ShownRelease { get; set; } = 46;

    /// <summary>Whether an unknown name in <c>fields</c> is an error (400) instead of being left out. The default is false.</summary>
    public bool RejectUnknownFields { get; set; }

    /// <summary>Whether answers are compressed for clients that accept it. The default is true.</summary>
    public bool Compress { get; set; } = true;

    /// <summary>
    /// A text that stands before every value that tells of a person or was typed freely: whoever finds it later knows that personal data got
    /// there. The default is none.
    /// </summary>
    public string? Canary { get; set; }

    /// <summary>From which number on users have their ids. The default is 11; a number of many digits shows wherever the id of a user gets to.</summary>
    [Range(1, 1L << 52)]
    public long FirstUserId { get; set; } = 11;

    /// <summary>Whether requests are logged to the console. The default is false.</summary>
    public bool LogToConsole { get; set; }
}
