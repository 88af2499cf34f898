# Runs Latchkey from this folder at every start of the computer, whether or not somebody signs in (Task Scheduler).
# In PowerShell as administrator, in Latchkey's folder, after `npm run build`:
#   powershell -ExecutionPolicy Bypass -File deploy\windows\install-task.ps1
# To take it away again: Unregister-ScheduledTask -TaskName Latchkey
$folder = Resolve-Path (Join-Path $PSScriptRoot '..\..')
$node = (Get-Command node -ErrorAction Stop).Source
if (-not (Test-Path (Join-Path $folder 'dist\cli.js'))) { throw 'Build Latchkey first: npm run build' }
$action = New-ScheduledTaskAction -Execute $node -Argument 'dist\cli.js start' -WorkingDirectory $folder
$trigger = New-ScheduledTaskTrigger -AtStartup
$settings = New-ScheduledTaskSettingsSet -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) `
  -ExecutionTimeLimit ([TimeSpan]::Zero) -StartWhenAvailable
$user = New-ScheduledTaskPrincipal -UserId 'LOCALSERVICE' -LogonType ServiceAccount
Register-ScheduledTask -TaskName Latchkey -Action $action -Trigger $trigger -Settings $settings -Principal $user `
  -Description 'A Discord bot that gets a household back into its Jellyfin server'
# That user reads the settings and keeps the database. By its number: Windows has a name for it in each language.
icacls $folder /grant '*S-1-5-19:(OI)(CI)RX' | Out-Null
New-Item -ItemType Directory -Force (Join-Path $folder 'data') | Out-Null
icacls (Join-Path $folder 'data') /grant '*S-1-5-19:(OI)(CI)M' | Out-Null
Start-ScheduledTask -TaskName Latchkey
