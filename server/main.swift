print("porchlightd")
