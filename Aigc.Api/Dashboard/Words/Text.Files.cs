using Aigc.Api.Dashboard.Files;

namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string FilesOf(string title) => T($"Files of {title}", $"“{title}”的文件");
    public string Disk => T("Disk", "磁盘");
    public string Folder => T("Folder", "文件夹");
    public string Name => T("Name", "名称");
    public string SizeColumn => T("Size", "大小");
    public string Changed => T("Changed", "修改时间");
    public string Download => T("Download", "下载");
    public string Upload => T("Upload", "上传");
    public string ChooseFiles => T("Files to upload into this folder", "选择要上传到此文件夹的文件");
    public string Delete => T("Delete", "删除");
    public string FolderEmpty => T("This folder is empty.", "此文件夹是空的。");
    public string FilesUnseen(DiskSight sight) => sight switch
    {
        DiskSight.Asleep => T(
            "The engine is asleep. Its files are kept, and shown here while it is awake: wake it to see them.",
            "引擎正在休眠。文件都已保留，引擎运行时才会显示在这里：请先唤醒它。"),
        DiskSight.NotReady => T("The engine is on its way. Its files are shown here as soon as it runs.", "引擎正在启动，运行后即可在这里看到文件。"),
        DiskSight.NeedsRestart => T("The engine was started before its files could be shown. Restart it to see them.", "引擎启动时尚不支持显示文件。重启引擎后即可看到。"),
        DiskSight.TooMany => T("This folder holds more files than can be shown. Use the engine itself, or the API.", "此文件夹中的文件太多，无法显示。请在引擎中查看，或使用 API。"),
        DiskSight.NotHere => T("The files of this engine are not shown here. Use the engine itself.", "这里不显示此引擎的文件，请在引擎中查看。"),
        _ => T("The disk cannot be read right now. Try again in a moment.", "暂时无法读取磁盘，请稍后再试。"),
    };
    public string NothingChosen => T("Choose a file first.", "请先选择文件。");
    public string Uploaded(IReadOnlyList<string> names) => names.Count == 1
        ? T($"Uploaded {names[0]}.", $"已上传 {names[0]}。")
        : T($"Uploaded {Files(names.Count)}.", $"已上传 {Files(names.Count)}。");
    public string UploadFailed(string name) => T($"{name} could not be uploaded.", $"{name} 上传失败。");
    public string DeleteFileTitle(string name) => T($"Delete {name}?", $"删除 {name}？");
    public string DeleteFolderLead => T("Everything in this folder goes with it. This cannot be undone.", "此文件夹中的所有内容都会一并删除，无法恢复。");
    public string DeletedFile(string name) => T($"Deleted {name}.", $"已删除 {name}。");
    public string DeleteFileFailed(string name) => T($"{name} could not be deleted.", $"{name} 删除失败。");
}
