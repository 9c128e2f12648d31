using System.Runtime.InteropServices;

namespace Aigc.Attacks.Tests.HostileEngine;

/// <summary>What a program can do to the disk that it was given.</summary>
internal sealed class Tricks(string folder)
{
    private const int CurrentFolder = -100;
    private const uint Exchange = 2;

    private volatile bool _swapping;

    public void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(folder, name), target);

    /// <summary>Makes a name a plain folder and a link by turns, as fast as it can, so that one of them is always there.</summary>
    public void BeginSwapping(string name, string target)
    {
        var (path, link) = (Path.Combine(folder, name), Path.Combine(folder, $"{name}-link"));
        Directory.CreateDirectory(path);
        Directory.CreateSymbolicLink(link, target);
        _swapping = true;
        new Thread(() =>
        {
            while (_swapping)
                _ = RenameAt2(CurrentFolder, path, CurrentFolder, link, Exchange);
        })
        { IsBackground = true }.Start();
    }

    public void EndSwapping() => _swapping = false;

    [DllImport("libc", EntryPoint = "renameat2", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int RenameAt2(
        int oldFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string oldPath, int newFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string newPath, uint flags);
}
