using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace CoupaGateway.Fuzz;

/// <summary>The branches that instrumented code has taken, as SharpFuzz counts them, and what of them is new.</summary>
internal sealed unsafe class Coverage : IDisposable
{
    private const int Size = 1 << 16;

    private readonly byte* _counts = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] _seen = new byte[Size];

    public Coverage() => Trace.SharedMem = _counts;

    /// <summary>Branches that some input has taken.</summary>
    public int Branches => _seen.Count(static seen => seen != 0);

    public void Clear()
    {
        new Span<byte>(_counts, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether a branch was taken for the first time, or more often than ever, by AFL's steps of 1, 2, 3, 4, 8, 16, 32 and 128.</summary>
    public bool IsNew()
    {
        var isNew = false;
        for (var index = 0; index < Size; index++)
        {
            if (_counts[index] == 0)
                continue;

            var step = Step(_counts[index]);
            isNew |= (_seen[index] & step) == 0;
            _seen[index] |= step;
        }

        return isNew;
    }

    public void Dispose()
    {
        // Instrumented code may still run on another thread: the memory stays for as long as the process.
        Clear();
    }

    private static byte Step(byte count) => count switch
    {
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
